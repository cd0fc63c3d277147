/* A rule from drop-downs: when, then, tried on the last minute, saved. */

import { beside, card, element, fill, plain, say, small } from "../dom.js";
import { field } from "./field.js";
import { actionForm } from "./rule-action.js";
import { ruleBench } from "./rule-bench.js";
import { whenForm } from "./rule-when.js";

/**
 * Return the editor of a rule: `box`, `focus()`, `unsaved()`.
 * @param {House} house that is asked
 * @param {object} known rules, devices, trouble (why there are none), what rules can speak of, the rule that is changed, or null, and the
 *   draft that somebody has left
 * @param {{save: (draft) => Promise, close: (said: string) => void}} then
 */
export function ruleEditor(house, { rules, devices, trouble, known, rule, unsaved }, then) {
  const name = field("Name", element("input", { type: "text", maxLength: 200, autocomplete: "off" }), { hint: "As you call it; it stands in the log and in the list of events." });
  const actions = element("div", { className: "stack" });
  const preview = element("pre", { className: "points wrapped", "aria-label": "The rule as it is written", tabIndex: 0 });
  const mistakes = element("ul", { className: "plain-list mistakes", role: "alert" });
  let forms = [];

  const changed = () => {
    forms.forEach((each) => each.follow(when.follows()));
    bench.changed();
  };
  const KIND = new RegExp(`\\{ (?:${known.grammar.kinds.map((each) => each.kind).join("|")}) = `);
  const when = whenForm(known);
  const draft = () => ({ name: name.control.value.trim(), enabled: rule?.enabled ?? true, when: when.read(), then: forms.map((each) => each.read()) });
  const add = (action) => {
    const form = actionForm(known.grammar, devices, changed);
    if (action) form.write(action, when.follows());
    else form.follow(when.follows());
    form.remove.onclick = () => {
      forms = forms.filter((each) => each !== form);
      show();
      changed();
    };
    forms.push(form);
    show();
    return form;
  };
  const show = () => {
    fill(actions, ...forms.map((each) => each.box));
    forms.forEach((each) => (each.remove.hidden = forms.length === 1));
  };
  /** Say what is wrong where it stands. */
  const blame = (answer) => {
    [name, when, ...forms].forEach((each) => each.quiet());
    fill(mistakes, ...answer.mistakes.filter((each) => !blamed(each, answer)).map((each) => element("li", {}, each.text)));
  };
  const blamed = ({ line, column, text }, answer) => {
    const above = answer.text.slice(0, answer.text.indexOf(answer.rule.trimEnd())).split("\n").length - 1;
    const lines = answer.rule.split("\n");
    const at = line - above - 1;
    if (lines[at]?.startsWith("name")) return name.wrong(text), true;
    if (lines[at]?.startsWith("when")) return when.wrong(text);
    const before = [...lines.slice(0, at), (lines[at] ?? "").slice(0, column + 1)].join("\n");
    const action = forms[Math.max(0, before.split(KIND).length - 2)];
    return lines[at] !== undefined && action.wrong(text);
  };
  const begun = unsaved ?? rule?.draft;
  if (begun) {
    name.control.value = begun.name;
    when.write(begun.when);
    begun.then.forEach((action) => add(action));
  } else {
    add(null);
  }
  const bench = ruleBench(house, {
    ask: () => house.send("POST", "api/rules/text", { rule: draft(), replaces: rule?.number ?? null, text: rules.text }),
    show(answer) {
      say(preview, answer.rule.trimEnd());
      blame(answer);
      return !answer.mistakes.length;
    },
    trial: () => ({ rule: draft() }),
  }, { save: () => then.save(draft()), close: then.close, editable: true });
  const box = element("div", { className: "stack", oninput: changed },
    element("section", { className: "card stack" }, element("h2", { tabIndex: -1 }, rule ? `Change “${rule.name}”` : "A new rule"), name.box),
    card("When", when.box),
    card("Then",
      trouble ? element("p", { className: "small error" }, `The broker's devices could not be listed: ${trouble}`)
        : !devices.length && small("No device was seen on the broker: name one, send a message, or call a web address."),
      actions, beside(plain("And do one more thing", () => (add(null), changed())))),
    card("As it is written", preview, mistakes, bench.box));
  return { box, focus: () => box.querySelector("h2").focus({ preventScroll: true }), unsaved: () => (bench.touched() ? { rule, draft: draft() } : null) };
}
