/* The whole screen for a part of the page, to be read from two metres. */

import { fill, icon, element } from "./dom.js";

/** Have a button do that, and Escape undo it. Returns what ends it. */
export function large(target, button) {
  let awake = null;
  const set = (on) => {
    target.classList.toggle("large", on);
    document.body.classList.toggle("has-large", on);
    for (const other of document.querySelectorAll("body > header, body > nav, .trouble, .foot, .skip")) other.inert = on;
    fill(button, icon(on ? "small" : "large"), element("span", {}, on ? "Small" : "Large"));
    keepAwake(on);
  };
  /** A phone on the shelf stays lit, where the browser lets it (over https, or on the unit itself). */
  const keepAwake = async (on) => {
    try {
      awake?.release();
      awake = on ? await navigator.wakeLock?.request("screen") : null;
    } catch {
      awake = null; // the battery is low, or the page is hidden
    }
  };
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    set(false);
    button.focus();
  };
  button.onclick = () => {
    if (target.classList.contains("large")) leave();
    else {
      set(true);
      // Not every phone lends the whole screen to a part of a page; then it fills the window.
      target.requestFullscreen?.().catch(() => {});
    }
  };
  const key = (event) => event.key === "Escape" && target.classList.contains("large") && leave();
  const full = () => !document.fullscreenElement && target.classList.contains("large") && set(false);
  const back = () => !document.hidden && target.classList.contains("large") && keepAwake(true);
  addEventListener("keydown", key);
  document.addEventListener("fullscreenchange", full);
  document.addEventListener("visibilitychange", back);
  return () => {
    removeEventListener("keydown", key);
    document.removeEventListener("fullscreenchange", full);
    document.removeEventListener("visibilitychange", back);
    if (target.classList.contains("large")) leave();
  };
}
