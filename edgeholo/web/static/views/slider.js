/* A number of the unit as a slider with the number beside it, both for the same option. */

import { element } from "../dom.js";
import { told } from "./changes.js";
import { field, newId } from "./field.js";

/**
 * Return a slider: `box` to be shown, and `show(value)` for what the unit says.
 * @param {string} label what it is
 * @param {{min: number, max: number, step: number, unit: string, hint: string, least?: number, most?: number}} scale of the slider; the
 *   number beside it may be anything from `least` to `most`
 * @param {(value: number) => Promise} send takes the value when it is let go
 */
export function slider(label, { min, max, step, unit, hint, least = min, most = max }, send) {
  const range = element("input", { type: "range", min, max, step, id: newId("slider") });
  const number = element("input", { type: "number", min: least, max: most, step: "any", inputMode: "decimal", className: "number", "aria-label": `${label}, ${unit}` });
  const beside = element("span", { className: "figure" }, number, element("span", { className: "soft", "aria-hidden": "true" }, unit));
  const made = field(label, range, { hint, beside, className: "slider" });
  let told_ = min;
  let held = false;
  const put = (value) => {
    range.value = value;
    range.setAttribute("aria-valuetext", `${short(value)} ${unit}`);
    if (document.activeElement !== number) number.value = short(value);
  };
  const sent = (value) => {
    held = false;
    if (Math.abs(value - told_) < 1e-9) {
      put(told_);
      return;
    }
    told(made, send(value), () => put(told_));
  };
  range.oninput = () => {
    held = true;
    number.value = short(range.valueAsNumber);
    range.setAttribute("aria-valuetext", `${short(range.valueAsNumber)} ${unit}`);
  };
  range.onchange = () => sent(range.valueAsNumber);
  number.onchange = () => {
    if (number.value !== "" && number.checkValidity()) sent(number.valueAsNumber);
    else made.wrong(`Write a number from ${least} to ${most}`);
  };
  number.onblur = () => made.place.dataset.tone === "bad" || put(told_);
  return {
    box: made.box,
    show(value, { pending = false } = {}) {
      if (typeof value !== "number") {
        range.disabled = number.disabled = true;
        return;
      }
      range.disabled = number.disabled = false;
      told_ = value;
      if (!held && !pending) put(value);
    },
  };
}

/** At most three decimals, and none that say nothing. */
export const short = (value) => String(Math.round(value * 1000) / 1000);
