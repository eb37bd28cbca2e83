/* The screen with the code: it stays on, and says so when the code may have run out. */
"use strict";

const connection = document.getElementById("connection");
const isLost = (lost) => (connection.hidden = !lost);
document.addEventListener("htmx:sendError", () => isLost(true));
document.addEventListener("htmx:responseError", () => isLost(true));
document.addEventListener("htmx:afterSwap", () => isLost(false));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (new URL(xhr.responseURL).pathname === pathInfo.requestPath.split("?")[0]) return;
  event.detail.shouldSwap = false; // signed out
  location.reload();
});

const stayOn = () => document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});
document.addEventListener("visibilitychange", stayOn);
stayOn();
