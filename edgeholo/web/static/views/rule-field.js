/* One option of an action, by what the grammar of rules says it takes. */

import { element, words } from "../dom.js";
import { choice, field, textBox } from "./field.js";

const UNITS = { transition_s: "seconds", every_s: "seconds", timeout_s: "seconds" };
const CHOICES = { on: "On", off: "Off", toggle: "On or off in turn", open: "Open", close: "Close", stop: "Stop" };

/**
 * Return an option: `name`, `box`, `read()` (undefined where it is left out), `write(value)`, `follow(on)`, `wrong(text)`, `quiet()`.
 * @param {object} grammar of the option: name, type, doc, choices, low, high, follows
 */
export function optionField(grammar) {
  return { name: grammar.name, follow: () => {}, ...(MAKERS[grammar.type] ?? text)(grammar) };
}

const label = ({ name }) => words(name.replace(/_s$/, ""));
const hint = ({ doc }) => doc && `${doc.charAt(0).toUpperCase()}${doc.slice(1)}`;

function text(grammar) {
  const made = field(label(grammar), textBox(), { hint: hint(grammar) });
  return { ...made, read: () => (made.control.value === "" ? undefined : made.control.value), write: (value) => (made.control.value = value ?? "") };
}

function chosen(grammar) {
  const plain = grammar.choices.every((each) => each in CHOICES);
  const pairs = [["", "–"], ...grammar.choices.map((each) => [each, CHOICES[each] ?? words(each)])];
  const made = field(label(grammar), choice(pairs, ""), { hint: plain ? null : hint(grammar) });
  const whole = grammar.choices.every((each) => /^\d+$/.test(each));
  return {
    ...made,
    read: () => (made.control.value === "" ? undefined : whole ? Number(made.control.value) : made.control.value),
    write: (value) => (made.control.value = value ?? ""),
  };
}

function flag(grammar) {
  const made = field(label(grammar), choice([["", "–"], ["true", "Yes"], ["false", "No"]], ""), { hint: hint(grammar) });
  return { ...made, read: () => (made.control.value === "" ? undefined : made.control.value === "true"), write: (value) => (made.control.value = String(value ?? "")) };
}

/** A number, or where the rule follows a control the numbers at its two ends. */
function number(grammar) {
  const input = (name) => element("input", { type: "number", min: grammar.low, max: grammar.high, step: grammar.whole ? 1 : "any", inputMode: "decimal", "aria-label": name });
  const one = input(null);
  const [from, to] = [input(`${label(grammar)} at the lower end`), input(`${label(grammar)} at the upper end`)];
  const follows = element("input", { type: "checkbox", "aria-label": `${label(grammar)} follows the hand` });
  const sweep = element("span", { className: "sweep", hidden: true }, from, element("span", { className: "soft" }, "to"), to);
  const way = element("label", { className: "follows", hidden: true }, follows, "follows the hand");
  const made = field(label(grammar), one, { hint: hint(grammar), beside: UNITS[grammar.name] && element("span", { className: "soft" }, UNITS[grammar.name]) });
  made.control.after(sweep, way);
  let rest = {}; /* of a sweep: what it has beside its two ends */
  const show = () => {
    one.hidden = !way.hidden && follows.checked;
    sweep.hidden = !one.hidden;
    if (one.hidden && from.value === "" && to.value === "") [from.value, to.value] = [grammar.low ?? 0, grammar.high ?? 100];
  };
  follows.onchange = show;
  return {
    ...made,
    read() {
      if (one.hidden) return { ...rest, to: [from.valueAsNumber || 0, to.valueAsNumber || 0] };
      return one.value === "" ? undefined : one.valueAsNumber;
    },
    write(value) {
      const swept = value !== null && typeof value === "object";
      follows.checked = swept;
      one.value = swept ? "" : value ?? "";
      if (swept) {
        ({ to: [from.value, to.value], ...rest } = value);
      }
      show();
    },
    follow(on, start) {
      way.hidden = !(on && grammar.follows);
      if (start && !way.hidden && one.value === "") follows.checked = true;
      show();
      return follows.checked && !way.hidden;
    },
  };
}

function colour(grammar) {
  const use = element("input", { type: "checkbox", "aria-label": "Set the colour" });
  const made = field("Colour", element("input", { type: "color", value: "#ff8000" }));
  const row = element("div", { className: "row" });
  made.control.before(row);
  row.append(made.control, element("label", { className: "follows" }, use, "set it"));
  made.control.addEventListener("input", () => (use.checked = true));
  return {
    ...made,
    read: () => (use.checked ? made.control.value : undefined),
    write(value) {
      use.checked = Boolean(value);
      if (value) made.control.value = value.startsWith("#") ? value.toLowerCase() : `#${value.toLowerCase()}`;
    },
  };
}

/** Tables and lists, which few need: as JSON. */
function json(grammar) {
  const made = field(`${label(grammar)}, as JSON`, element("textarea", { rows: 2, className: "code", autocapitalize: "none", spellcheck: false }), { hint: hint(grammar) });
  return {
    ...made,
    read() {
      if (made.control.value.trim() === "") return undefined;
      try {
        const value = JSON.parse(made.control.value);
        made.quiet();
        return value;
      } catch {
        made.wrong('This is no JSON; it looks like {"effect": "rainbow"}');
        return undefined;
      }
    },
    write: (value) => (made.control.value = value === undefined || value === null ? "" : JSON.stringify(value)),
  };
}

const MAKERS = { choice: chosen, flag, number, colour, table: json, list: json, text };
