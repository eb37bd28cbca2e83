/* Ordering: buttons that move a line, instead of a number to fill in. What is sent stays the same. */
"use strict";

document.querySelectorAll("[data-order]").forEach((list) => {
  const exercise = list.closest("fieldset");
  const status = exercise.querySelector("[data-order-status]");
  if (!status) return;
  const lines = () => [...list.children];
  const number = (line) => line.querySelector("select");
  const say = (sentence, line, place) => {
    status.textContent = list.dataset[sentence]
      .replace("{line}", line.dataset.line)
      .replace("{place}", place + 1)
      .replace("{count}", lines().length);
  };
  const numberAll = () =>
    lines().forEach((line, place) => {
      number(line).value = String(place + 1);
      line.querySelectorAll("[data-move]").forEach((button) => {
        const stays = place + Number(button.dataset.move);
        button.setAttribute("aria-disabled", String(stays < 0 || stays >= lines().length));
      });
    });

  // A browser may have kept numbers from before; where they make an order, that is the order.
  const filled = lines().map((line) => Number(number(line).value));
  if (new Set(filled).size === filled.length && !filled.includes(0)) {
    list.append(...lines().sort((one, other) => number(one).value - number(other).value));
  }
  list.classList.add("order--moves");
  exercise.querySelector("[data-order-without]").hidden = true;
  exercise.querySelector("[data-order-with]").hidden = false;
  lines().forEach((line) => {
    line.querySelector(".order__number").hidden = true;
    line.querySelector(".order__moves").hidden = false;
  });
  numberAll();

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const line = button.closest("li");
    const place = lines().indexOf(line);
    const up = button.dataset.move === "-1";
    const neighbour = up ? line.previousElementSibling : line.nextElementSibling;
    if (!neighbour) {
      say(up ? "first" : "last", line, place);
      return;
    }
    // The neighbour moves, not the line: so the button keeps the focus.
    if (up) line.after(neighbour);
    else line.before(neighbour);
    numberAll();
    number(line).dispatchEvent(new Event("change", { bubbles: true }));
    line.scrollIntoView({ block: "nearest" });
    say("said", line, lines().indexOf(line));
  });
});
