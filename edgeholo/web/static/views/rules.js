/* What happens in the house: the rules in words, and two ways to write one. */

import { below, beside, element, fill, notice, plain, small, soft } from "../dom.js";
import { asked } from "./ask.js";
import { boxed, failed, outcome } from "./field.js";
import { counting } from "./gesture-list.js";
import { fitsAction } from "./rule-action.js";
import { ruleEditor } from "./rule-editor.js";
import { fitsWhen } from "./rule-when.js";
import { rulesText } from "./rules-text.js";

export const title = "Rules";

/* What somebody was writing when they went to another view: to show the gesture, for one. */
let left = null;

/** Show it; returns what ends it. */
export function mount(place, house) {
  const list = element("div", { className: "stack" });
  const work = element("div", {});
  const word = outcome(list);
  const add = element("button", { onclick: () => edit(null) }, "Write a rule");
  const asText = plain("Edit as text", () => editText(1));
  const tools = beside(add, asText);
  let rules = null;
  let devices = [];
  let gestures = [];
  let editor = null;
  let ended = false;

  const load = async () => {
    try {
      [rules, gestures] = await Promise.all([house.get("api/rules"), house.get("api/gestures")]);
    } catch (error) {
      fill(list, failed("The rules could not be read", error, load));
      return;
    }
    if (ended) return;
    show();
    if (left?.draft) edit(rules.rules.find((each) => each.number === left.rule?.number && each.name === left.rule.name) ?? null, left.draft);
    else if (left) editText(1, left.text);
  };
  const loadDevices = async () => {
    word.busy("Asking the broker which devices there are …");
    try {
      ({ devices } = await house.get("api/devices"));
      return "";
    } catch (error) {
      return error.message;
    }
  };
  const show = () => {
    tools.hidden = false;
    add.disabled = !rules.editable || rules.mistakes.length > 0;
    fill(list,
      house.unit && rules.unit !== house.unit && boxed("info", `These are the rules of ${rules.unit}`, `The page can read and write rules on the machine that it runs on. ${house.unit} has its own.`),
      !rules.editable && boxed("info", "The rules can be read here, not changed", rules.why_not),
      rules.mistakes.length > 0 && mistakesNotice(rules, editText),
      rules.rules.length === 0 && rules.mistakes.length === 0 && soft("There is no rule yet. One says: when somebody shows this, then do that."),
      ...rules.rules.map((rule) => ruleCard(rule, rules, { edit, remove, editText, enable })),
      rules.file && small(`They stand in ${rules.file}${rules.unit ? ` of ${rules.unit}` : ""}.`));
  };
  /** Save all of them. */
  const save = async (text) => {
    rules = await house.send("PUT", "api/rules", { text, was: rules.sha256 });
  };
  /** Put a rule (null for none) in the place of another one, or at the end. */
  const put = async (rule, replaces) => save((await house.send("POST", "api/rules/text", { rule, replaces, text: rules.text })).text);
  const close = (said) => {
    editor = left = null;
    fill(work);
    tools.hidden = list.hidden = false;
    if (rules) show();
    if (said) word.kept(said);
  };
  const open = (opened) => {
    editor = opened;
    word.quiet();
    tools.hidden = list.hidden = true;
    fill(work, editor.box);
    work.scrollIntoView({ block: "nearest" });
    editor.focus();
  };
  const edit = async (rule, unsaved) => {
    const trouble = await loadDevices();
    if (ended) return;
    const known = { grammar: rules.grammar, gestures, counting: counting(house) };
    open(ruleEditor(house, { rules, devices, trouble, known, rule, unsaved }, { save: (draft) => put(draft, rule?.number ?? null), close }));
  };
  const editText = (line, unsaved) => open(rulesText(house, { rules, line, unsaved }, { save, close }));
  const attempt = async (rule, number, said) => {
    word.quiet();
    try {
      await put(rule, number);
      show();
      word.kept(said);
    } catch (error) {
      word.wrong(error.message);
      load();
    }
  };
  const remove = async (rule) => {
    if (await asked(`Delete “${rule.name}”?`, "The rule is taken out of the file, with the comment right above it. The file as it was is kept beside it.", "Delete it")) {
      attempt(null, rule.number, "Deleted");
    }
  };
  const enable = (rule) => attempt({ ...rule.draft, enabled: !rule.enabled }, rule.number, rule.enabled ? "Switched off" : "Switched on");

  tools.hidden = true;
  fill(place, below(element("h1", {}, "Rules"), word.place, work, list, tools));
  fill(list, soft("The rules are on their way …"));
  load();
  const off = house.on("snapshot", () => rules && !editor && show());
  return () => {
    off();
    ended = true;
    left = editor?.unsaved() ?? null;
  };
}

function ruleCard(rule, rules, { edit, remove, editText, enable }) {
  const fits = rule.draft && fitsWhen(rule.draft.when) && rule.draft.then.every((action) => fitsAction(rules.grammar, action));
  const may = rules.editable && !rules.mistakes.length;
  return element("section", { className: `card rule${rule.enabled ? "" : " asleep"}`, "aria-label": rule.name },
    element("div", { className: "row spread" }, element("h2", {}, rule.name), !rule.enabled && element("span", { className: "pill" }, "Off")),
    element("dl", { className: "sentence" }, element("dt", {}, "When"), element("dd", {}, rule.when || "(something is wrong with it)"),
      ...rule.then.flatMap((each, n) => [element("dt", {}, n ? "And" : "Then"), element("dd", {}, each)])),
    rule.locked ? small("It starts a program or sends a token: it is changed in the file by hand.")
      : may && element("div", { className: "row" },
        plain(fits ? "Change" : "Change as text", () => (fits ? edit(rule) : editText(rule.line)), { "aria-label": `Change ${rule.name}` }),
        rule.draft && plain(rule.enabled ? "Switch off" : "Switch on", () => enable(rule), { "aria-label": `Switch ${rule.name} ${rule.enabled ? "off" : "on"}` }),
        plain("Delete", () => remove(rule), { "aria-label": `Delete ${rule.name}` })));
}

function mistakesNotice(rules, editText) {
  const [first] = rules.mistakes;
  return notice("bad", element("div", {}, element("strong", {}, "Something is wrong in the file of rules"),
    ...rules.mistakes.slice(0, 5).map((each) => element("p", {}, `Line ${each.line}: ${each.text}`))),
  rules.editable && plain("Mend it as text", () => editText(first.line)));
}
