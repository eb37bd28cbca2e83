/* What somebody sends, kept in the browser until the server has it: in order for each place, nothing twice, nothing lost.
   Lessons keep it in sessionStorage, of one tab (docs/decisions/0034); the list of who is there in localStorage under the
   name of whose it is (0041). `area` is which of the two, `prefix` stands before the names of what is kept. */
"use strict";

const sendingsIn = (area, prefix) => {
  const QUEUE = `${prefix}sendings`;
  const DRAFTS = `${prefix}drafts`;
  const GIVE_UP = 15_000; // one try; the server allows for twice as long between two sendings of a page
  const FIRST_PAUSE = 2_000;
  const LONGEST_PAUSE = 60_000;
  const memory = new Map(); // where the browser keeps nothing for us, or is full

  function read(name) {
    try {
      return memory.get(name) ?? JSON.parse(window[area].getItem(name)) ?? undefined;
    } catch {
      return undefined;
    }
  }

  function write(name, value) {
    try {
      window[area].setItem(name, JSON.stringify(value));
      memory.delete(name);
    } catch {
      memory.set(name, value);
    }
  }

  const queue = () => read(QUEUE) ?? [];
  const drafts = () => read(DRAFTS) ?? {};
  const name = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));
  const given = (fields) => JSON.stringify(fields.filter(([field]) => field !== "keer" && field !== "getoond"));

  /* One try. Answers {html}, {to} (an address to go to), {later: "offline" | "trouble"}, {signIn: address}, {refused}, or
     {held, html} when something else was kept since, and whoever sent this has to choose. */
  async function post(url, fields, again = true) {
    const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";
    const given_up = new AbortController();
    const timer = setTimeout(() => given_up.abort(), GIVE_UP);
    try {
      const response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { "HX-Request": "true", "X-CSRFToken": token },
        credentials: "same-origin",
        keepalive: true, // goes on when the page is left
        signal: given_up.signal,
      });
      const to = response.headers.get("HX-Redirect");
      if (response.status === 401) return { signIn: to };
      if (response.status === 409) return { held: true, html: await response.text() };
      if (response.ok) return to ? { to } : { html: await response.text() };
      if (response.status === 403 && again) {
        await fetch(location.pathname, { credentials: "same-origin", signal: given_up.signal }); // brings a new token
        return post(url, fields, false);
      }
      if (response.status >= 500 || [403, 408, 429].includes(response.status)) return { later: "trouble" };
      return { refused: true, status: response.status };
    } catch {
      return { later: "offline" };
    } finally {
      clearTimeout(timer);
    }
  }

  const busy = new Map(); // by place, what is being sent now
  let pause = FIRST_PAUSE;
  let timer;
  let told = () => {};

  /* Sends what waits for one place, the oldest first, until something cannot be sent. */
  function send(place) {
    if (!busy.has(place)) busy.set(place, sendInOrder(place).finally(() => busy.delete(place)));
    return busy.get(place);
  }

  async function sendInOrder(place) {
    for (let entry; (entry = queue().find((one) => one.place === place)) && !entry.held; ) {
      change(entry.id, { tried: true });
      const waited = Math.round((Date.now() - entry.at) / 1000);
      const result = await post(entry.url, waited > 0 ? [...entry.fields, ["gewacht", waited]] : entry.fields);
      if (result.later || result.signIn) {
        write(QUEUE, queue().map((one) => (one.place === place ? { ...one, failed: true } : one)));
        told(entry, result);
        if (result.later) tryLater();
        return;
      }
      pause = FIRST_PAUSE;
      if (result.held && queue().filter((one) => one.place === place).at(-1)?.id === entry.id) {
        change(entry.id, { held: true });
        told(entry, result);
        return;
      }
      take(entry.id);
      if (!result.refused) forget(entry);
      if (!result.held) told(entry, result); // else a newer one for this place says what is wanted
    }
  }

  const change = (id, values) => write(QUEUE, queue().map((one) => (one.id === id ? { ...one, ...values } : one)));
  const take = (id) => write(QUEUE, queue().filter((one) => one.id !== id));

  function forget(entry) {
    const { [entry.place]: draft, ...others } = drafts();
    if (draft?.fields?.every((one) => entry.fields.some((sent) => String(sent) === String(one)))) write(DRAFTS, others);
  }

  function tryLater() {
    clearTimeout(timer);
    timer = setTimeout(sendAll, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  async function sendAll() {
    await Promise.all([...new Set(queue().map((entry) => entry.place))].map(send));
  }

  function sendNow() {
    pause = FIRST_PAUSE;
    return sendAll();
  }

  addEventListener("online", sendNow);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendNow());
  addEventListener("pageshow", (event) => event.persisted && sendNow());

  return {
    post,
    sendNow,
    waiting: queue,
    name,
    take,

    /* What is pressed again while it still waits, with nothing changed, is the same sending. It leaves after `delay` ms. */
    add(entry, delay = 0) {
      const before = queue().filter((one) => one.place === entry.place).at(-1);
      if (!before || given(before.fields) !== given(entry.fields)) {
        const own = queue().some((one) => one.id === entry.id) ? name() : entry.id;
        const fields = entry.fields.map(([field, value]) => [field, field === "keer" ? own : value]);
        write(QUEUE, [...queue(), { ...entry, id: own, fields, at: Date.now() }]);
      }
      if (delay) setTimeout(() => send(entry.place), delay);
      else send(entry.place);
    },

    draft: (place) => drafts()[place],
    keepDraft: (place, draft) => write(DRAFTS, { ...drafts(), [place]: draft }),
    dropDraft(place) {
      const { [place]: _dropped, ...others } = drafts();
      write(DRAFTS, others);
    },
    drafts,

    /* What another person left in this tab goes; what was done without an account goes along with who signed in. */
    keepOnlyOf(mark) {
      const own = (one) => one.mark === mark || one.mark === "";
      write(QUEUE, queue().filter(own));
      write(DRAFTS, Object.fromEntries(Object.entries(drafts()).filter(([, one]) => own(one))));
    },

    start(tell) {
      told = tell;
      write(QUEUE, queue().map(({ held, ...one }) => one)); // asked again, so that the page can show what is to choose
      sendAll();
    },
  };
};
