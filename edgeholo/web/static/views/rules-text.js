/* All rules as the text that they are. */

import { card, element, fill, plain } from "../dom.js";
import { ruleBench } from "./rule-bench.js";

/**
 * Return the editor of the text: `box`, `focus()`, `unsaved()`.
 * @param {object} what the rules, the line where it begins, and the text that somebody has left
 * @param {{save: (text) => Promise, close: (said: string) => void}} then
 */
export function rulesText(house, { rules, line, unsaved }, then) {
  const text = element("textarea", { className: "code rules-text", value: unsaved ?? rules.text, spellcheck: false, autocapitalize: "none", rows: 18, readOnly: !rules.editable, "aria-label": "Rules, TOML" });
  text.setAttribute("autocorrect", "off");
  text.setAttribute("wrap", "off");
  const mistakes = element("ul", { className: "plain-list mistakes", role: "status" });
  const mistake = ({ line: at, column, text: what }) => element("li", {},
    plain(`Line ${at}`, () => goTo(at, column), { className: "plain place" }), ` ${what}`);
  const goTo = (at, column) => {
    const begin = text.value.split("\n").slice(0, at - 1).join("\n").length + (at > 1 ? 1 : 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(begin + column - 1, begin + column - 1);
    text.scrollTop = Math.max(0, at - 4) * parseFloat(getComputedStyle(text).lineHeight);
  };
  const bench = ruleBench(house, {
    ask: () => house.send("POST", "api/rules/try", { text: text.value }),
    show(answer) {
      fill(mistakes, ...answer.mistakes.map(mistake));
      return !answer.mistakes.length;
    },
    trial: () => ({ text: text.value }),
  }, { save: () => then.save(text.value), close: then.close, editable: rules.editable });
  text.oninput = bench.changed;
  return {
    box: card("The rules as text", text, mistakes, bench.box),
    focus: () => requestAnimationFrame(() => goTo(line, 1)),
    unsaved: () => (bench.touched() ? { text: text.value } : null),
  };
}
