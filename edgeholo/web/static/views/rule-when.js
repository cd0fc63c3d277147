/* What sets a rule off, and its conditions, as drop-downs: the table `when` of docs/rules.md. */

import { below, element, say, words } from "../dom.js";
import { choice, field } from "./field.js";

const DAYS = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" };
const FIXED = { comes: { presence: true }, gone: { presence: false }, armed: { armed: true }, disarmed: { armed: false } };
const TRIGGERS = [
  ["gesture", "A gesture is shown"],
  ["value", "A control is moved"],
  ["comes", "Somebody comes"],
  ["gone", "Everybody has gone"],
  ["armed", "The wake gesture was shown"],
  ["disarmed", "The time for commands is over"],
];
const MOMENTS = [
  ["", "As it begins"],
  ["held", "When it was held for …"],
  ["repeat", "Again and again while it is held"],
  ["end", "When it ends"],
];
const KINDS = { static: "Hand shapes", movement: "Movements", both_hands: "Movements", body: "Body", posture: "Body", face: "Face", taught: "Taught here" };
const PLAIN = ["hand", "profile", "after", "before"];
const EITHER_WAY = ["armed", "presence"];

/**
 * Return the part of the form: `box`, `follows()`, `read()`, `write(when)`, `wrong(text)`, `quiet()`.
 * @param {{grammar: object, gestures: Array, counting: string[]}} known what rules can speak of: as api/rules and api/gestures have it, and
 *   the gestures that count now
 */
export function whenForm({ grammar, gestures, counting }) {
  const how = element("span");
  const kinds = new Map(gestures.map(({ name, kind }) => [name, kind]));
  const seconds = element("input", { type: "number", min: 0.1, max: 3600, step: "any", value: 2, inputMode: "decimal" });
  const fields = {
    trigger: field("When", choice(TRIGGERS, "gesture")),
    gesture: field("Gesture", choice(grammar.gestures.map((name) => [name, `${words(name)}${counting.includes(name) ? "" : " (off)"}`, KINDS[kinds.get(name)] ?? "Others"]), counting[0])),
    value: field("Control", choice(grammar.values.map(({ name }) => [name, words(name)]), "height"), { hint: how }),
    phase: field("Moment", choice(MOMENTS, "")),
    hold_s: field("Held for", seconds, { beside: element("span", { className: "soft" }, "seconds") }),
    hand: field("Hand", choice([["", "Either"], ["left", "Left"], ["right", "Right"]], "")),
    after: field("From", element("input", { type: "time" })),
    before: field("Until", element("input", { type: "time" })),
    profile: field("Profile", choice([["", "Any"], ...grammar.profiles.map((name) => [name, words(name)])], "")),
    armed: field("Wake gesture", choice([["", "Does not matter"], ["true", "Only when it was shown"], ["false", "Only when it was not"]], "")),
    presence: field("Somebody there", choice([["", "Does not matter"], ["true", "Only then"], ["false", "Only when nobody is"]], "")),
  };
  const days = grammar.days.map((day) => element("input", { type: "checkbox", value: day }));
  const { trigger, gesture, value, phase, hold_s: hold, hand, ...times } = fields;
  const conditions = element("details", { className: "conditions" }, element("summary", {}, "Only at certain times, or in a profile"),
    element("div", { className: "fields" }, ...Object.values(times).map((each) => each.box)),
    element("fieldset", {}, element("legend", {}, "Days"), element("div", { className: "row days" }, ...days.map((each) => element("label", {}, each, DAYS[each.value])))));
  const box = below(element("div", { className: "fields" }, trigger.box, gesture.box, value.box, phase.box, hold.box, hand.box), conditions);
  const written = (key) => (fields[key].box.hidden ? "" : fields[key].control.value);

  const show = () => {
    const kind = trigger.control.value;
    gesture.box.hidden = kind !== "gesture";
    phase.box.hidden = kind !== "gesture" || grammar.once.includes(gesture.control.value);
    hold.box.hidden = written("phase") !== "held";
    value.box.hidden = kind !== "value";
    hand.box.hidden = kind in FIXED;
    for (const key of EITHER_WAY) fields[key].box.hidden = key in (FIXED[kind] ?? {});
    say(how, grammar.values.find(({ name }) => name === value.control.value)?.description ?? "");
  };
  box.oninput = show;
  show();
  return {
    box,
    /** Whether a number may follow a hand. */
    follows: () => trigger.control.value === "value",
    read() {
      const when = { ...FIXED[trigger.control.value] };
      for (const key of ["gesture", "value", ...PLAIN]) if (written(key)) when[key] = written(key);
      for (const key of EITHER_WAY) if (written(key)) when[key] = written(key) === "true";
      if (written("phase") === "held") when.hold_s = seconds.valueAsNumber || 0;
      else if (written("phase")) when.phase = written("phase");
      const chosen = days.filter((each) => each.checked).map((each) => each.value);
      if (chosen.length && chosen.length < days.length) when.days = chosen;
      return when;
    },
    write(when) {
      const fixed = !when.gesture && !when.value && Object.keys(FIXED).find((each) => Object.entries(FIXED[each]).every(([key, is]) => when[key] === is));
      trigger.control.value = fixed || (when.value ? "value" : "gesture");
      for (const key of ["gesture", "value", ...PLAIN, ...EITHER_WAY]) if (key in when) pick(fields[key].control, String(when[key]));
      phase.control.value = when.hold_s ? "held" : when.phase ?? "";
      seconds.value = when.hold_s ?? 2;
      for (const each of days) each.checked = when.days?.includes(each.value) ?? false;
      show();
      conditions.open = "days" in when || Object.keys(times).some((key) => key in when && !fields[key].box.hidden);
    },
    /** Say what is wrong at the condition that it names. */
    wrong(text) {
      const place = fields[text.split(":")[0]] ?? trigger;
      conditions.open ||= conditions.contains(place.box);
      place.wrong(text);
      return true;
    },
    quiet: () => Object.values(fields).forEach((each) => each.quiet()),
  };
}

/** Return whether the form can show all that stands in a `when`. */
export function fitsWhen(when) {
  const shown = ["gesture", "value", ...PLAIN, ...EITHER_WAY, "phase", "hold_s", "days"];
  return Object.keys(when).every((key) => shown.includes(key)) && [when.gesture ?? "", when.profile ?? ""].every((each) => typeof each === "string")
    && MOMENTS.some(([each]) => each === (when.phase ?? "")) && !(when.phase && when.hold_s);
}

/** Choose a value, also one that is not among the choices: what stands in a rule is shown, and the check says what is wrong with it. */
function pick(control, value) {
  control.value = value;
  if (control.value === value) return;
  control.append(element("option", { value }, value));
  control.value = value;
}
