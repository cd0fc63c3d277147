/* What both ways to write rules share: looked at a moment after each change, tried on the last minute, saved. */

import { below, beside, element, plain } from "../dom.js";
import { outcome } from "./field.js";
import { showTrial } from "./rule-trial.js";

const REST_MS = 400; /* after the last change */

/**
 * Return the bench: `box` with buttons and trial, `changed()`, `touched()`.
 * @param {House} house that is asked
 * @param {{ask: () => Promise, show: (answer) => boolean, trial: () => object}} work what asks what is wrong, what shows it and says
 *   whether all is well, what is tried
 * @param {{save: () => Promise, close: (said: string) => void, editable: boolean}} then
 */
export function ruleBench(house, { ask, show, trial }, { save, close, editable }) {
  const place = element("div", { className: "stack", "aria-live": "polite" });
  let timer = 0;
  let asks = 0; /* only the newest answer is shown */
  let touched = false;
  const check = async () => {
    clearTimeout(timer);
    const mine = ++asks;
    const answer = await ask();
    return mine === asks && show(answer);
  };
  const during = async (button, act) => {
    if (button) button.disabled = true;
    word.quiet();
    try {
      if (await check()) await act?.();
    } catch (error) {
      word.wrong(error.message);
    } finally {
      if (button) button.disabled = false;
    }
  };
  const end = (said) => {
    clearTimeout(timer);
    asks++;
    close(said);
  };
  const tryIt = plain("Try on the last minute", () => during(tryIt, async () => showTrial(place, (await house.send("POST", "api/rules/try", trial())).trial)));
  const saveIt = element("button", {
    hidden: !editable,
    onclick: () => during(saveIt, async () => {
      await save();
      end("Saved: it counts from now on");
    }),
  }, "Save");
  const word = outcome(saveIt);
  during(null);
  return {
    box: below(beside(saveIt, tryIt, plain(editable ? "Cancel" : "Close", () => end(""))), word.place, place),
    touched: () => touched,
    changed() {
      touched = true;
      clearTimeout(timer);
      timer = setTimeout(() => during(null), REST_MS);
    },
  };
}
