/* Small helps on top of pages that work without script. */
"use strict";

document.querySelector(".error-summary")?.focus();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* What is folded stands open on paper. */
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  if (token) event.detail.headers["X-CSRFToken"] = token[1];
});

/* Who signs out leaves nothing of what they were answering or marking, in no tab. */
function forgetAnswers() {
  for (const area of [sessionStorage, localStorage]) {
    const names = Object.keys(area).filter((name) => /^gelijkop:.*(sendings|drafts)$/.test(name));
    for (const name of names) area.removeItem(name);
  }
}

document.addEventListener("submit", (event) => {
  const action = new URL(event.target.getAttribute("action") ?? "", location.href);
  if (!action.pathname.endsWith("/uitloggen/")) return;
  forgetAnswers();
  localStorage.setItem("gelijkop:signed-out", Date.now());
});
addEventListener("storage", (event) => {
  if (event.key === "gelijkop:signed-out") forgetAnswers();
});
