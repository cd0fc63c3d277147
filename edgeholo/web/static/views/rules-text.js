/* All rules as the text that they are. */

import { beside, card, element, fill, plain } from "../dom.js";
import { outcome } from "./field.js";
import { showTrial } from "./rule-trial.js";

const CHECK_MS = 600; /* after the last letter */

/**
 * Return the editor of the text: `box`, `focus()`.
 * @param {number} line where it begins
 * @param {{save: (text) => Promise, close: (said: string) => void}} then
 */
export function rulesText(house, rules, line, then) {
  const text = element("textarea", { className: "code rules-text", value: rules.text, spellcheck: false, autocapitalize: "none", rows: 18, readOnly: !rules.editable, "aria-label": "Rules, TOML" });
  text.setAttribute("autocorrect", "off");
  text.setAttribute("wrap", "off");
  const mistakes = element("ul", { className: "plain-list mistakes", role: "status" });
  const trial = element("div", { className: "stack", "aria-live": "polite" });
  const tryIt = plain("Try on the last minute", () => attempt());
  const save = element("button", { hidden: !rules.editable, onclick: () => saveIt() }, "Save");
  const cancel = element("button", { className: "plain", onclick: () => end("") }, rules.editable ? "Cancel" : "Close");
  const word = outcome(text);
  let timer = 0;
  let asks = 0;

  const check = async () => {
    clearTimeout(timer);
    const mine = ++asks;
    try {
      const answer = await house.send("POST", "api/rules/try", { text: text.value });
      if (mine !== asks) return null;
      fill(mistakes, ...answer.mistakes.map(mistake));
      word.quiet();
      return answer;
    } catch (error) {
      if (mine === asks) word.wrong(error.message);
      return null;
    }
  };
  const mistake = ({ line: at, column, text: what }) => element("li", {},
    element("button", { className: "plain place", onclick: () => goTo(at, column) }, `Line ${at}`), ` ${what}`);
  const goTo = (at, column) => {
    const begin = text.value.split("\n").slice(0, at - 1).join("\n").length + (at > 1 ? 1 : 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(begin + column - 1, begin + column - 1);
    text.scrollTop = Math.max(0, at - 4) * parseFloat(getComputedStyle(text).lineHeight);
  };
  const attempt = async () => {
    fill(trial);
    const answer = await check();
    if (answer?.trial && !answer.mistakes.length) showTrial(trial, answer.trial);
  };
  const saveIt = async () => {
    save.disabled = true;
    try {
      const answer = await check();
      if (!answer || answer.mistakes.length) return;
      await then.save(text.value);
      end("Saved: they count from now on");
    } catch (error) {
      word.wrong(error.message);
    } finally {
      save.disabled = false;
    }
  };
  const end = (said) => {
    clearTimeout(timer);
    asks++;
    then.close(said);
  };
  text.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(() => check(), CHECK_MS);
  };
  const box = card("The rules as text", text, mistakes, word.place, trial, beside(save, tryIt, cancel));
  check();
  return {
    box,
    focus: () => requestAnimationFrame(() => goTo(line, 1)),
  };
}
