/* Lessons: after a choice in a story, what is new gets the focus. */
"use strict";

document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.target.querySelector("[data-focus]")?.focus();
});
