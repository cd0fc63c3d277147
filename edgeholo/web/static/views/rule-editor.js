/* A rule from drop-downs: when, then, tried on the last minute, saved. */

import { beside, card, element, fill, plain, say, small } from "../dom.js";
import { field, outcome } from "./field.js";
import { actionForm } from "./rule-action.js";
import { showTrial } from "./rule-trial.js";
import { whenForm } from "./rule-when.js";

const PREVIEW_MS = 350; /* after the last change */

/**
 * Return the editor of a rule: `box`, `focus()`.
 * @param {House} house that is asked
 * @param {object} known rules, devices, trouble (why there are none), what rules can speak of, and the rule that is changed, or null
 * @param {{save: (draft) => Promise, close: (said: string) => void}} then
 */
export function ruleEditor(house, { rules, devices, trouble, known, rule }, then) {
  const name = field("Name", element("input", { type: "text", maxLength: 200, autocomplete: "off" }), { hint: "As you call it; it stands in the log and in the list of events." });
  const actions = element("div", { className: "stack" });
  const preview = element("pre", { className: "points wrapped", "aria-label": "The rule as it is written", tabIndex: 0 });
  const mistakes = element("ul", { className: "plain-list mistakes", role: "alert" });
  const trial = element("div", { className: "stack", "aria-live": "polite" });
  const tryIt = plain("Try on the last minute", () => attempt());
  const save = element("button", { type: "submit" }, "Save");
  const cancel = plain("Cancel", () => end(""));
  const word = outcome(save);
  let forms = [];
  let timer = 0;
  let asks = 0; /* only the newest answer is shown */

  const changed = () => {
    forms.forEach((each) => each.follow(when.follows()));
    clearTimeout(timer);
    timer = setTimeout(() => check(), PREVIEW_MS);
  };
  const KIND = new RegExp(`\\{ (?:${known.grammar.kinds.map((each) => each.kind).join("|")}) = `);
  const when = whenForm(known, changed);
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
  /** Ask how it is written and what is wrong with it; returns the answer, or null where something is. */
  const check = async () => {
    clearTimeout(timer);
    const mine = ++asks;
    try {
      const answer = await house.send("POST", "api/rules/text", { rule: draft(), replaces: rule?.number ?? null, text: rules.text });
      if (mine !== asks) return null;
      say(preview, answer.rule.trimEnd());
      word.quiet();
      blame(answer);
      return answer.mistakes.length ? null : answer;
    } catch (error) {
      if (mine === asks) word.wrong(error.message);
      return null;
    }
  };
  const attempt = async () => {
    fill(trial);
    tryIt.disabled = true;
    try {
      const answer = (await check()) && (await house.send("POST", "api/rules/try", { rule: draft() }));
      if (answer?.trial) showTrial(trial, answer.trial);
    } catch (error) {
      word.wrong(error.message);
    } finally {
      tryIt.disabled = false;
    }
  };
  const saveIt = async () => {
    save.disabled = true;
    try {
      if (!(await check())) return;
      await then.save(draft());
      end("Saved: it counts from now on");
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

  if (rule) {
    name.control.value = rule.draft.name;
    when.write(rule.draft.when);
    rule.draft.then.forEach((action) => add(action));
  } else {
    add(null);
  }
  const box = element("form", {
    className: "stack", noValidate: true, oninput: changed, onsubmit: (event) => (event.preventDefault(), saveIt()),
  },
  element("section", { className: "card stack" }, element("h2", { tabIndex: -1 }, rule ? `Change “${rule.name}”` : "A new rule"), name.box),
  card("When", when.box),
  element("section", { className: "card stack" }, element("h2", {}, "Then"),
    trouble ? element("p", { className: "small error" }, `The broker's devices could not be listed: ${trouble}`) : !devices.length && small("No device was seen on the broker: name one, send a message, or call a web address."),
    actions, beside(plain("And do one more thing", () => (add(null), changed())))),
  card("As it is written", preview, mistakes, trial,
    beside(save, tryIt, cancel), word.place));
  check();
  return { box, focus: () => box.querySelector("h2").focus({ preventScroll: true }) };
}
