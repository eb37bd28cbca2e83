/* Lessons: what is answered is kept in the page until the server has it, what is chosen survives a reload, and after a
   choice in a story what is new gets the focus. Without script each form is sent by itself. */
"use strict";

const Sendings = sendingsIn("sessionStorage", "gelijkop:");
const words = document.getElementById("zinnen");
const onwardForm = document.querySelector("form[data-onward]");
const hidden = new Set(["csrfmiddlewaretoken", "les", "keer", "getoond", "wie", "stap"]);
const places = '[id^="blok-"], #aantekening';
const rootOf = (form) => form.closest(places);
const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
const placeOf = (form) => `${form.elements.les.value}/${rootOf(form).id}`;
const isExercise = (form) => Boolean(form?.elements?.keer && rootOf(form));

function sentence(which) {
  const found = words.content.querySelector(`[data-say="${which}"]`).cloneNode(true);
  found.removeAttribute("data-say");
  return found;
}

/* What an exercise is called, without how to do it. */
function titleOf(root) {
  const heading = root.querySelector("legend, h2, label")?.cloneNode(true);
  heading?.querySelectorAll(".exercise__how").forEach((part) => part.remove());
  return heading?.textContent.trim().replace(/\s+/g, " ") ?? "";
}

/* Under an exercise, in words: what became of what was sent. */
function say(root, which, signIn) {
  const status = root?.querySelector(":scope > .sending");
  if (!status) return;
  if (which && status.dataset.says === which) return; // a screen reader heard it already
  status.dataset.says = which;
  status.replaceChildren(...(which ? [sentence(which)] : []));
  const link = status.querySelector("a");
  if (link && signIn) link.href = signIn;
  status.classList.toggle("sending--sent", which === "sent");
  root.classList.toggle("is-waiting", Boolean(which) && which !== "sent" && which !== "sending");
  if (which && root.contains(document.activeElement)) status.scrollIntoView({ block: "nearest" });
}

document.querySelectorAll(places).forEach((root) => {
  if (![root, ...root.querySelectorAll("form")].some(isExercise)) return;
  const status = document.createElement("div");
  status.className = "sending";
  status.setAttribute("role", "status");
  root.append(status);
});

/* ---- Sending ---- */

document.addEventListener("htmx:confirm", (event) => {
  const form = event.detail.elt;
  if (!isExercise(form)) return;
  event.preventDefault();
  const root = rootOf(form);
  const button = event.detail.triggeringEvent?.submitter;
  const fields = fieldsOf(form);
  if (button?.name) fields.push([button.name, button.value]);
  Sendings.add({
    place: placeOf(form),
    id: form.elements.keer.value,
    mark: form.elements.wie.value,
    url: event.detail.path,
    target: event.detail.target.id,
    page: words.dataset.page,
    title: titleOf(root),
    fields,
  });
  const place = placeOf(form);
  setTimeout(() => {
    if (!root.classList.contains("is-waiting") && Sendings.waiting().some((one) => one.place === place)) say(root, "sending");
  }, 1500);
});

function told(entry, result) {
  const root = document.getElementById(entry.place.split("/")[1]);
  if (entry.page !== words.dataset.page || !root) return undefined;
  if (result.to) return leaveTo(result.to);
  if (result.later || result.signIn) return say(root, result.later ?? "signed-out", result.signIn);
  if (result.refused) return say(root, "refused");
  const focused = document.activeElement;
  const follow = focused === document.body || root.contains(focused);
  htmx.swap(document.getElementById(entry.target), result.html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }, { contextElement: root });
  if (follow) document.getElementById(entry.target).querySelector("[data-focus]")?.focus();
  return say(root, entry.failed ? "sent" : "");
}

let leaving = false;
function leaveTo(address) {
  leaving = true;
  location.assign(address);
  if (new URL(address, location.href).pathname === location.pathname) location.reload();
}

addEventListener("beforeunload", (event) => {
  if (!leaving && Sendings.waiting().some((entry) => entry.failed)) event.preventDefault();
});

/* ---- What is chosen or typed and not sent yet ---- */

document.addEventListener("input", remember);
document.addEventListener("change", remember);

function remember(event) {
  const form = event.target.form;
  if (!isExercise(form)) return;
  const fields = fieldsOf(form).filter(([name]) => !hidden.has(name));
  Sendings.keepDraft(placeOf(form), { mark: form.elements.wie.value, step: form.elements.stap?.value ?? "", fields });
}

function restore(form) {
  const last = Sendings.waiting().filter((entry) => entry.place === placeOf(form)).at(-1);
  const draft = Sendings.draft(placeOf(form)) ?? (last && { ...last, step: Object.fromEntries(last.fields).stap ?? "" });
  if (!draft || draft.step !== (form.elements.stap?.value ?? "")) return;
  if (draft.mark && draft.mark !== form.elements.wie.value) return; // waits for who is signed out now
  const chosen = new Set(draft.fields.map(String));
  const values = new Map(draft.fields);
  for (const control of form.elements) {
    if (!control.name || hidden.has(control.name) || control.type === "submit") continue;
    if (control.type === "radio" || control.type === "checkbox") control.checked = chosen.has(`${control.name},${control.value}`);
    else if (values.has(control.name)) control.value = values.get(control.name);
  }
  form.closest("details")?.setAttribute("open", "");
}

const mark = document.querySelector('input[name="wie"]')?.value;
if (mark) Sendings.keepOnlyOf(mark);
[...document.querySelectorAll("form")].filter(isExercise).forEach(restore);
Sendings.waiting().filter((entry) => entry.failed).forEach((entry) => told(entry, { later: "offline" }));
Sendings.start(told);

/* ---- 'Verder' ---- */

let warned = "";

onwardForm?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const notice = document.getElementById("verder-melding");
  const tell = (which, signIn) => {
    const said = sentence(which);
    if (signIn) said.querySelector("a").href = signIn;
    notice.replaceChildren(said);
    notice.classList.add("is-waiting");
  };
  await Sendings.sendNow();
  const waiting = Sendings.waiting();
  const names = waiting.map((entry) => entry.id).join();
  if (waiting.length && warned !== names) {
    warned = names;
    tell("waiting");
    const list = document.createElement("ul");
    list.className = "utrecht-unordered-list";
    for (const entry of waiting) {
      const link = Object.assign(document.createElement("a"), {
        href: `${entry.page}#${entry.place.split("/")[1]}`,
        textContent: entry.title,
        className: "utrecht-link utrecht-link--html-a",
      });
      const item = Object.assign(document.createElement("li"), { className: "utrecht-unordered-list__item" });
      item.append(link);
      list.append(item);
    }
    notice.append(list);
    return;
  }
  const result = await Sendings.post(event.target.action, fieldsOf(event.target));
  if (result.to) leaveTo(result.to);
  else if (result.signIn) tell("onward-signed-out", result.signIn);
  else if (result.later) tell("onward-offline");
  else {
    leaving = true;
    event.target.submit(); // the server has something to say on a page of its own
  }
});
