/* The list of who is there: a mark counts at once, is kept on this device until the server has it, and says on which mark
   it is based, so that nothing is written over unseen (docs/decisions/0041). Without script the whole list is sent. */
"use strict";

const list = document.getElementById("marks");
const words = document.getElementById("zinnen");
const bar = document.getElementById("saved");
const Sendings = sendingsIn("localStorage", `gelijkop:list:${list.dataset.mark}:`);
const PAUSE = 600; // so long a mark waits for the next one of the same person: arrow keys pass several words
const PARTLY = ["late", "left_early"];
const THERE = ["present", ...PARTLY];
const shownAt = Date.now();
let offline = !navigator.onLine;
let hasMarked = false;

const rows = () => [...list.querySelectorAll(".person")];
const rowOf = (place) => rows().find((row) => placeOf(row) === place);
const placeOf = (row) => `${list.dataset.meeting}/${row.dataset.person}`;
const waitingFor = (place) => Sendings.waiting().filter((entry) => entry.place === place);
const stateOf = (row) => row.querySelector("input[type=radio]:checked")?.value ?? "";
const minutesIn = (row) => row.querySelector("[id^=minutes]");
const copyOf = (selector) => words.content.querySelector(selector).cloneNode(true);

/* ---- What is said ---- */

function say(row, which, signIn) {
  const line = row.querySelector(".sending");
  line.replaceChildren(...(which ? [copyOf(`[data-say="${which}"]`)] : []));
  const link = line.querySelector("a");
  if (link && signIn) link.href = signIn;
  row.classList.toggle("is-waiting", Boolean(which));
  row.classList.toggle("is-refused", which === "refused");
}

function sayAbove() {
  const waiting = Sendings.waiting();
  const elsewhere = waiting.find((entry) => !rowOf(entry.place));
  let which = hasMarked && !waiting.length ? "saved" : "";
  if (elsewhere) which = "elsewhere";
  if (list.querySelector(".is-unfinished, .is-refused, .person__error")) which = "unfinished";
  if (offline || waiting.some((entry) => entry.failed)) which = "waiting";
  if (list.querySelector("[data-conflict]")) which = "conflict";
  if (which === bar.dataset.says) return; // a screen reader heard it already
  bar.dataset.says = which;
  bar.replaceChildren(...(which ? [copyOf(`[data-bar="${which}"]`)] : []));
  bar.classList.toggle("is-waiting", !["", "saved"].includes(which));
  if (which === "elsewhere") bar.querySelector("a").href = elsewhere.page;
}

/* The numbers above the list, with what is not sent yet. */
function count() {
  if (!list.querySelector("input[type=radio]")) return;
  for (const line of document.querySelectorAll("#counts [data-side]")) {
    const there = rows().filter((row) => row.dataset.side === line.dataset.side && THERE.includes(stateOf(row))).length;
    const text = line.lastElementChild;
    text.textContent = text.textContent.replace(/\d+/, there);
  }
}

/* ---- Marking ---- */

/* Minutes without the break, as far as the clock knows them; the break is taken to be half way. */
function suggestion(state) {
  const { now, starts, ends, break: pause } = Object.fromEntries(Object.entries(list.dataset).map(([name, value]) => [name, Number(value)]));
  const moment = now + (Date.now() - shownAt) / 1000;
  if (moment <= starts || moment >= ends) return "";
  const net = (ends - starts) / 60 - pause;
  const passed = (moment - starts) / 60;
  const before = Math.round(passed < net / 2 ? passed : Math.max(net / 2, passed - pause));
  const minutes = Math.floor(state === "late" ? net - before : before);
  return String(Math.min(Math.max(minutes, 1), Math.floor(net)));
}

list.addEventListener("change", (event) => {
  const row = event.target.closest(".person");
  if (!row) return;
  if (event.target.type === "radio" && PARTLY.includes(stateOf(row))) minutesIn(row).value = suggestion(stateOf(row));
  if (event.target.type === "radio" || PARTLY.includes(stateOf(row))) mark(row);
});

list.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.type !== "text") return;
  event.preventDefault(); // saves this person, and presses no button of another
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const row = button?.closest(".person");
  if (row) return choose(row, button);
  list.querySelector(".is-unfinished [id^=minutes]")?.focus();
  hasMarked = true;
  Sendings.sendNow();
  return sayAbove();
});

function mark(row, delay = PAUSE) {
  const place = placeOf(row);
  const state = stateOf(row);
  const minutes = PARTLY.includes(state) ? minutesIn(row).value.trim() : "";
  const unfinished = PARTLY.includes(state) && !minutes;
  row.classList.toggle("is-unfinished", unfinished);
  row.querySelector(".person__conflict")?.remove();
  delete row.dataset.conflict;
  count();
  if (unfinished) {
    Sendings.keepDraft(place, { state });
    say(row, "minutes");
    sayAbove();
    return;
  }
  Sendings.dropDraft(place);
  const last = waitingFor(place).at(-1);
  let basis = last?.id ?? row.dataset.basis;
  if (last?.held) basis = row.dataset.basis;
  else if (last && !last.tried) basis = last.basis;
  if (last && (last.held || !last.tried)) Sendings.take(last.id);
  const { person } = row.dataset;
  const id = Sendings.name();
  const fields = [[`${person}-state`, state], [`${person}-minutes`, minutes], [`${person}-basis`, basis]];
  if (basis !== row.dataset.basis || `${state} ${minutes}` !== row.dataset.shown) {
    fields.push(["keer", id], ["wie", list.dataset.mark]);
    Sendings.add({ place, id, basis, url: row.dataset.url, page: list.dataset.page, fields }, delay);
    hasMarked = true;
  }
  say(row, offline && waitingFor(place).length ? "offline" : "");
  sayAbove();
}

/* Two marks of one person: the list's, or the one that was made here. */
function choose(row, button) {
  const place = placeOf(row);
  if (button.dataset.take === "mine") {
    const [state, minutes] = button.value.split(" ");
    row.querySelector(`input[value="${state}"]`).checked = true;
    minutesIn(row).value = minutes;
    mark(row, 0);
  } else {
    for (const entry of waitingFor(place)) Sendings.take(entry.id);
    row.querySelector(".person__conflict").remove();
    delete row.dataset.conflict;
    say(row, "");
    sayAbove();
  }
  row.querySelector("input[type=radio]:checked")?.focus();
}

/* ---- What the server answers ---- */

function told(entry, result) {
  const row = rowOf(entry.place);
  offline = result.later === "offline";
  if (row && (result.later || result.signIn)) say(row, result.later ?? "signed-out", result.signIn);
  else if (row && result.refused) say(row, "refused");
  else if (row && !waitingFor(entry.place).some((one) => !one.held)) show(row, result.html);
  sayAbove();
}

function show(row, html) {
  const focused = row.contains(document.activeElement) ? document.activeElement.id : "";
  htmx.swap(row, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 }, { contextElement: list });
  count();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/* News from the server stays away from a row that somebody is busy with: their mark would be based on what they did not see. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const row = event.detail.target;
  if (!row.matches?.(".person")) return;
  const isBusy = waitingFor(placeOf(row)).length > 0 || row.matches("[data-conflict], .is-unfinished");
  const fresh = event.detail.fragment.querySelector?.(`#${row.id}`) ?? event.detail.fragment;
  const isSame = fresh.dataset?.basis === row.dataset.basis;
  if (isBusy || isSame || document.activeElement === minutesIn(row)) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSettle", () => {
  count();
  if (rows().length && list.querySelector(".checkin__code") && !list.querySelector("input[type=radio]")) location.reload();
});
/* Signed out meanwhile: the sign-in page is no news. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL).pathname !== event.detail.pathInfo.requestPath.split("?")[0]) event.detail.shouldSwap = false;
});

function connected(is) {
  offline = !is;
  sayAbove();
}
addEventListener("offline", () => connected(false));
addEventListener("online", () => connected(true));
document.addEventListener("htmx:sendError", () => connected(false));
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && connected(true));

/* ---- What waited in this browser ---- */

for (const [place, { state }] of Object.entries(Sendings.drafts())) {
  const row = rowOf(place);
  if (row) restore(row, state, "", "minutes");
}
for (const entry of Sendings.waiting()) {
  const row = rowOf(entry.place);
  if (row) restore(row, entry.fields[0][1], entry.fields[1][1], "offline");
}
function restore(row, state, minutes, sentence) {
  const radio = row.querySelector(`input[type=radio][value="${state}"]`);
  if (!radio) return; // the list cannot be marked any more
  radio.checked = true;
  minutesIn(row).value = minutes;
  row.classList.toggle("is-unfinished", sentence === "minutes");
  say(row, sentence);
}
count();
Sendings.start(told);
sayAbove();
