/* The guided conversation: one step at a time, on one phone, also without a connection. What people say and write is never
   sent: who brings a case in and what somebody notes live in this page alone. Kept on the device are keys and numbers only:
   where the group is, and who was there until the server has it. */
"use strict";

const at = (id) => document.getElementById(id);
const { meeting, mark, page, presence, net, open: isOpen } = at("where").dataset;
const talk = JSON.parse(at("talk").textContent);
const words = at("zinnen").content;
const Sendings = sendingsIn("localStorage", `gelijkop:talk:${mark}:`);
const PLACE = `${meeting}/walk`;
const MINUTE = 60_000;
const TICK = 250;
const ROUND = 2 * Math.PI * 54;
const FORGET_AFTER = 12 * 60 * MINUTE;
const LOOK_EVERY = 10_000;
const THEME_FROM = 5;
const LESSON_LENGTH = 280;

const say = (which, values = {}) =>
  Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value),
    words.querySelector(`[data-say="${which}"]`).textContent.trim(),
  );
const stepsOf = (method) => [...talk.kickOff, ...talk.methods[method].steps];
const show = (element, is = true) => { element.hidden = !is; };

/* Where the group is. `ends`: when the clock of this step runs out, or null while it stands still; then `left` says how much
   there is. `talked`: time on the clock in the steps before, `since`: when it began to run now. */
let walk = null;
let turn = 0; // of whom in the round
let hasRung = false;
let sound = null;

const step = () => stepsOf(walk.method)[walk.step];
const isLast = () => walk.step === stepsOf(walk.method).length - 1;
const left = () => (walk.ends === null ? walk.left : walk.ends - Date.now());
const talked = () => walk.talked + (walk.since === null ? 0 : Date.now() - walk.since);
const remember = () => Sendings.keepDraft(PLACE, { ...walk, at: Date.now() });

/* ---- People: chosen here, known nowhere else ---- */

const here = () => [...at("here").querySelectorAll("input:checked")].map((box) => box.value);
const nameOf = (key) => talk.people.find((one) => String(one.key) === key)?.name ?? "";
const bringer = () => at("role-bringer").value;

function round() {
  if (!["all", "others"].includes(step().turn)) return [];
  return here().filter((key) => step().turn === "all" || key !== bringer());
}

function sayTurn() {
  const { turn: whose } = step();
  const people = round();
  at("turn-who").textContent = say(whose);
  let note = "";
  if (whose === "bringer" && bringer()) note = say("bringer-note", { name: nameOf(bringer()) });
  if (people.length) note = turn < people.length ? say("all-note", { name: nameOf(people[turn]) }) : say("round-over");
  at("turn-note").textContent = note;
  show(at("turn-note"), note !== "");
  show(at("turn-next"), turn < people.length - 1);
  show(at("bringer-field"), whose !== "all");
}

function pass() {
  const people = round();
  turn = Math.min(turn + 1, people.length);
  if (!people.length) at("calm").textContent = say("passed-alone");
  else if (turn < people.length) at("calm").textContent = say("passed", { name: nameOf(people[turn]) });
  else at("calm").textContent = say("passed-last");
  sayTurn();
}

/* ---- One step ---- */

function fill(list, texts) {
  list.replaceChildren(...texts.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  }));
}

function lines() {
  at("step-lines").replaceChildren(...stepsOf(walk.method).map((one, number) => {
    const line = document.createElement("li");
    const [sign, title, minutes] = [0, 1, 2].map(() => line.appendChild(document.createElement("span")));
    line.className = number < walk.step ? "is-past" : number === walk.step ? "is-now" : "is-next";
    if (number === walk.step) line.setAttribute("aria-current", "step");
    sign.textContent = number < walk.step ? "✓" : number + 1;
    sign.setAttribute("aria-hidden", "true");
    title.textContent = one.title;
    if (one.language) title.lang = one.language;
    if (number < walk.step) {
      const done = title.appendChild(document.createElement("span"));
      done.className = "sr";
      done.textContent = ` (${say("done")})`;
    }
    minutes.textContent = say("minutes", { minutes: one.minutes });
    minutes.className = "num";
    return line;
  }));
  const total = stepsOf(walk.method).reduce((sum, one) => sum + one.minutes, 0);
  at("step-total").textContent = say("total", { minutes: total });
}

function draw() {
  const now = step();
  const steps = stepsOf(walk.method);
  at("step-count").textContent = say("step", { method: talk.methods[walk.method].name, number: walk.step + 1, total: steps.length });
  for (const [id, text] of [["step-title", now.title], ["step-text", now.text]]) {
    at(id).textContent = text;
    at(id).lang = now.language || document.documentElement.lang;
  }
  fill(at("step-items"), now.items);
  show(at("step-items"), now.items.length > 0);
  const starters = at("step-starters").querySelector("ul");
  fill(starters, now.starters);
  starters.lang = now.language || document.documentElement.lang;
  show(at("step-starters"), now.starters.length > 0);
  at("step-next").querySelector("span").textContent = isLast() ? say("to-kept") : say("to-step", { number: walk.step + 2 });
  show(at("step-back"), walk.step > 0);
  at("clock-of").textContent = say("of-minutes", { minutes: now.minutes });
  show(at("kept"), isLast());
  at("calm").textContent = "";
  turn = 0;
  sayTurn();
  lines();
  tick();
  if (isLast()) harvest();
}

function go(number) {
  const runs = walk.ends !== null;
  walk.talked = talked();
  walk.step = number;
  walk.left = step().minutes * MINUTE;
  walk.since = runs ? Date.now() : null;
  walk.ends = runs ? Date.now() + walk.left : null;
  hasRung = false;
  said = null;
  remember();
  draw();
  at("step-title").focus({ preventScroll: true });
  at("walk").scrollIntoView({ block: "start" });
}

function choose(method) {
  walk = { method, step: 0, left: 0, ends: null, talked: 0, since: null, silent: false };
  begin();
  go(0);
}

function begin() {
  show(at("start"), false);
  show(at("walk"));
  at("clock-silent").setAttribute("aria-pressed", walk.silent);
}

function end() {
  halt();
  walk = null;
  Sendings.dropDraft(PLACE);
  show(at("walk"), false);
  show(at("start"));
  show(at("kept"));
  show(at("resume"), false);
}

/* ---- The clock: read from the time of day, so that a phone that slept knows it as well ---- */

let said = null; // the minute that was said last

function tick() {
  if (!walk) return;
  const rest = left();
  const seconds = Math.abs(rest >= 0 ? Math.ceil(rest / 1000) : Math.floor(-rest / 1000));
  const digits = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  at("clock").textContent = rest < 0 && seconds ? `+${digits}` : digits;
  const share = Math.min(Math.max(rest / (step().minutes * MINUTE), 0), 1);
  at("arc").setAttribute("stroke-dasharray", `${(share * ROUND).toFixed(1)} ${ROUND.toFixed(1)}`);
  show(at("clock-go"), walk.ends === null);
  show(at("clock-pause"), walk.ends !== null);
  const minutes = rest > 0 ? Math.ceil(rest / MINUTE) : 0;
  if (walk.ends !== null && minutes !== said) {
    said = minutes;
    at("clock-said").textContent = minutes === 0 ? say("over") : minutes === 1 ? say("one-left") : say("left", { minutes });
  }
  if (walk.ends !== null && rest <= 0 && !hasRung) ring();
}

function run() {
  if (walk.ends !== null) return;
  walk.ends = Date.now() + walk.left;
  walk.since = Date.now();
  remember();
  stayAwake();
  tick();
}

function halt() {
  if (!walk || walk.ends === null) return;
  walk.talked = talked();
  walk.left = left();
  walk.ends = walk.since = null;
  remember();
  letSleep();
  tick();
}

function more() {
  if (walk.ends !== null) walk.ends = Math.max(walk.ends, Date.now()) + 2 * MINUTE;
  else walk.left = Math.max(walk.left, 0) + 2 * MINUTE;
  hasRung = false;
  remember();
  tick();
}

/* Two soft tones, made here: there may be no connection to fetch a sound. A browser allows them after a press. */
function ring() {
  hasRung = true;
  if (walk.silent) return;
  navigator.vibrate?.([200, 100, 200]);
  if (!sound) return;
  for (const [start, pitch] of [[0, 660], [0.35, 528]]) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, sound.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + start + 0.3);
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + start);
    tone.stop(sound.currentTime + start + 0.3);
  }
}

let awake = null;
async function stayAwake() {
  try {
    awake ??= await navigator.wakeLock?.request("screen");
    awake?.addEventListener("release", () => { awake = null; });
  } catch {
    awake = null; // the phone saves its battery; the clock knows the time all the same
  }
}
function letSleep() {
  awake?.release();
  awake = null;
}

setInterval(tick, TICK);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (walk && walk.ends !== null) stayAwake();
  tick();
});

/* ---- Buttons ---- */

for (const button of document.querySelectorAll("[data-choose]")) {
  show(button);
  button.addEventListener("click", () => choose(button.dataset.choose));
}
show(at("here"));
at("clock-go").addEventListener("click", () => {
  sound ??= window.AudioContext ? new AudioContext() : null;
  run();
  at("clock-pause").focus();
});
at("clock-pause").addEventListener("click", () => {
  halt();
  at("clock-go").focus();
});
at("clock-more").addEventListener("click", more);
at("clock-silent").addEventListener("click", () => {
  walk.silent = !walk.silent;
  at("clock-silent").setAttribute("aria-pressed", walk.silent);
  remember();
});
at("step-next").addEventListener("click", () => (isLast() ? at("kept-title").focus() : go(walk.step + 1)));
at("step-back").addEventListener("click", () => go(walk.step - 1));
at("other").addEventListener("click", () => {
  end();
  at("choose").scrollIntoView({ block: "start" });
});
at("pass").addEventListener("click", pass);
at("turn-next").addEventListener("click", () => {
  at("calm").textContent = "";
  turn += 1;
  sayTurn();
});
at("role-bringer").addEventListener("change", () => {
  turn = 0;
  sayTurn();
});

let ranBefore = false;
at("stop").addEventListener("click", () => {
  ranBefore = walk.ends !== null;
  halt();
  at("pause").showModal();
});
at("pause-on").addEventListener("click", () => at("pause").close());
at("pause-end").addEventListener("click", () => {
  ranBefore = false;
  at("pause").close();
  go(stepsOf(walk.method).length - 1);
});
at("pause").addEventListener("close", () => ranBefore && run());

const before = Sendings.draft(PLACE);
if (before && talk.methods[before.method]?.steps && Date.now() - before.at < FORGET_AFTER) {
  const { at: _moment, ...kept } = before;
  const title = stepsOf(kept.method)[kept.step]?.title;
  if (title) {
    show(at("resume"));
    at("resume-where").textContent = say("resume", { method: talk.methods[kept.method].name, number: kept.step + 1, title });
    at("resume-go").addEventListener("click", () => {
      walk = kept;
      hasRung = left() <= 0;
      begin();
      draw();
      if (walk.ends !== null) stayAwake();
      at("step-title").focus();
    });
    at("resume-not").addEventListener("click", () => {
      Sendings.dropDraft(PLACE);
      show(at("resume"), false);
    });
  }
}

/* ---- What is kept ---- */

const parts = at("kept-parts");
const part = (name, within = parts) => within.querySelector(`[data-part="${name}"]`);
const presenceForm = () => part("presence").querySelector("form");
const lessonForm = () => part("lesson").querySelector("[data-lesson]");
const waiting = () => Sendings.waiting().filter((entry) => entry.place === meeting);
let isTouched = false; // somebody filled in who was there, so nothing is filled in for them

function saySending(which) {
  part("state").querySelector("[data-sending]").textContent = which ? say(which) : "";
}

/* What the walk knows is filled in, where the member said nothing yet. */
function harvest() {
  const form = presenceForm();
  if (form && !isTouched && !form.querySelector("[name=people]:checked")) {
    for (const box of form.elements.people.length ? form.elements.people : [form.elements.people]) box.checked = here().includes(box.value);
    form.elements.method.value = walk.method;
    const minutes = Math.round(talked() / MINUTE);
    form.elements.minutes.value = Math.min(Math.max(minutes, 1), Number(net));
  }
  theme();
  look();
}

function theme() {
  const form = presenceForm();
  if (!form) return;
  const offered = form.querySelectorAll("[name=people]:checked").length >= THEME_FROM;
  show(form.querySelector("[data-theme]"), offered);
  form.elements.theme.disabled = !offered;
}

/* Puts the parts of an answer in their place; what somebody is busy with stays as it is. */
function put(html, names) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!part("state", fresh)) return false; // signed out meanwhile: the sign-in page is no news
  for (const name of names) {
    const old = part(name);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(part(name, fresh)));
    if (focused) at(focused)?.focus({ preventScroll: true });
  }
  theme();
  checkLesson();
  return true;
}

const isWriting = () => Boolean(lessonForm()?.elements.text.value.trim()) || part("lesson").contains(document.activeElement);
const withLesson = (names) => (isWriting() ? names : [...names, "lesson"]);

async function look() {
  if (!isOpen || at("kept").hidden || document.visibilityState !== "visible" || !navigator.onLine || waiting().length) return;
  if (part("state").contains(document.activeElement)) return;
  try {
    const response = await fetch(presence, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const html = response.ok ? await response.text() : "";
    const isSame = (name, fresh) => part(name, fresh)?.textContent === part(name).textContent;
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (html && !waiting().length) put(html, withLesson(["state"]).filter((name) => !isSame(name, fresh)));
  } catch {
    // no connection; it is tried again
  }
}
setInterval(look, LOOK_EVERY);

parts.addEventListener("input", (event) => {
  if (event.target.form === presenceForm()) isTouched = true;
  theme();
  if (event.target.form === lessonForm()) checkLesson();
});

parts.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  const fields = [...new FormData(form, event.submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
  if (form.dataset.post === "presence") confirmPresence(form, fields);
  else sendLesson(form, fields);
});

/* Keys and numbers may wait on this device; a newer one takes the place of what was not sent yet. */
function confirmPresence(form, fields) {
  for (const entry of waiting()) if (!entry.tried) Sendings.take(entry.id);
  isTouched = true;
  saySending(navigator.onLine ? "sending" : "offline");
  Sendings.add({ place: meeting, id: Sendings.name(), url: presence, page, fields });
}

function told(entry, result) {
  if (entry.place !== meeting) return;
  if (result.later) saySending(result.later);
  else if (result.signIn) saySending("signed-out");
  else if (result.refused) saySending("refused");
  else if (!waiting().length && put(result.html, withLesson(["presence", "state"]))) {
    isTouched = true;
    part("presence").querySelector(".error-summary")?.focus();
    if (!part("presence").querySelector(".error-summary")) Sendings.dropDraft(PLACE);
  }
}

/* Words are never kept on the device, so they go at once or not at all; the text stays where it stands. */
async function sendLesson(form, fields) {
  const result = await Sendings.post(form.getAttribute("action"), fields);
  if (result.html && put(result.html, ["state", "lesson"])) {
    const problem = part("lesson").querySelector("[aria-invalid]");
    problem?.focus();
    return;
  }
  let which = "lesson-trouble";
  if (result.later === "offline") which = "lesson-offline";
  if (result.signIn) which = "lesson-signed-out";
  (form.querySelector("[data-lesson-offline]") ?? part("state").querySelector("[data-sending]")).textContent = say(which);
}

/* Warns while somebody types; the server looks once more. */
function checkLesson() {
  const form = lessonForm();
  if (!form) return;
  const text = form.elements.text.value;
  const found = namesIn(text, talk.names, talk.organisations);
  const note = form.querySelector("[data-names]");
  const sentences = found.length ? say("names", { found: found.join(", ") }) : "";
  if (note.textContent !== sentences) note.textContent = sentences;
  show(note, sentences !== "");
  const box = form.querySelector("[data-checked]");
  if (found.length) show(box);
  const length = [...text.trim().replace(/\s+/g, " ")].length;
  form.querySelector("[data-lesson-offline]").textContent = length ? say("length", { length, most: LESSON_LENGTH }) : "";
}

theme();
checkLesson();
Sendings.start(told);
if (waiting().length) saySending("offline");
