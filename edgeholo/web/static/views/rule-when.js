/* What sets a rule off, and its conditions, as drop-downs: the table `when` of docs/rules.md. */

import { element, say, words } from "../dom.js";
import { choice, field } from "./field.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const TRIGGERS = [
  ["gesture", "A gesture is shown"],
  ["value", "A control is moved"],
  ["comes", "Somebody comes"],
  ["gone", "Everybody has gone"],
  ["armed", "The wake gesture was shown"],
  ["disarmed", "The time for commands is over"],
];
const FIXED = { comes: { presence: true }, gone: { presence: false }, armed: { armed: true }, disarmed: { armed: false } };
const PHASES = [
  ["", "As it begins"],
  ["held", "When it was held for …"],
  ["repeat", "Again and again while it is held"],
  ["end", "When it ends"],
];
const KINDS = { static: "Hand shapes", movement: "Movements", both_hands: "Movements", body: "Body", posture: "Body", face: "Face", taught: "Taught here" };
const SHOWN = ["gesture", "value", "presence", "armed", "phase", "hold_s", "hand", "profile", "after", "before", "days"];

/**
 * Return the part of the form: `box`, `read()` and `write(when)`.
 * @param {{grammar: object, gestures: Array, counting: string[]}} known what rules can speak of: as api/rules and api/gestures have it, and
 *   the gestures that count now
 * @param {() => void} changed is called after each change
 */
export function whenForm(known, changed) {
  const trigger = field("When", choice(TRIGGERS, "gesture"));
  const gesture = field("Gesture", choice(gestureChoices(known), known.counting[0] ?? ""));
  const phase = field("Moment", choice(PHASES, ""));
  const hold = field("Held for", element("input", { type: "number", min: 0.1, max: 3600, step: "any", value: 2, inputMode: "decimal" }), { beside: element("span", { className: "soft" }, "seconds") });
  const how = element("span", {});
  const control = field("Control", choice(known.grammar.values.map(({ name }) => [name, words(name)]), "height"), { hint: how });
  const hand = field("Hand", choice([["", "Either"], ["left", "Left"], ["right", "Right"]], ""));
  const armed = field("Wake gesture", choice([["", "Does not matter"], ["true", "Only when it was shown"], ["false", "Only when it was not"]], ""));
  const presence = field("Somebody there", choice([["", "Does not matter"], ["true", "Only then"], ["false", "Only when nobody is"]], ""));
  const profile = field("Profile", choice([["", "Any"], ...known.grammar.profiles.map((name) => [name, words(name)])], ""));
  const after = field("From", element("input", { type: "time" }));
  const before = field("Until", element("input", { type: "time" }));
  const days = DAYS.map((day, n) => [day, element("input", { type: "checkbox", value: day }), DAY_NAMES[n]]);
  const conditions = element("details", { className: "conditions" }, element("summary", {}, "Only at certain times, or in a profile"),
    element("div", { className: "fields" }, after.box, before.box, profile.box, armed.box, presence.box),
    element("fieldset", {}, element("legend", {}, "Days"), element("div", { className: "row days" }, ...days.map(([, box, name]) => element("label", {}, box, name)))));
  const kind = () => trigger.control.value;
  const once = () => known.grammar.once.includes(gesture.control.value);

  const show = () => {
    const shape = kind() === "gesture";
    gesture.box.hidden = !shape;
    phase.box.hidden = !shape || once();
    hold.box.hidden = phase.box.hidden || phase.control.value !== "held";
    control.box.hidden = kind() !== "value";
    say(how, known.grammar.values.find(({ name }) => name === control.control.value)?.description ?? "");
    hand.box.hidden = !(shape || kind() === "value");
    armed.box.hidden = kind() in FIXED && "armed" in FIXED[kind()];
    presence.box.hidden = kind() in FIXED && "presence" in FIXED[kind()];
  };
  const box = element("div", { className: "stack" },
    element("div", { className: "fields" }, trigger.box, gesture.box, control.box, phase.box, hold.box, hand.box), conditions);
  box.oninput = () => {
    show();
    changed();
  };
  show();
  return {
    box,
    show,
    /** Say what is wrong at the condition that it names; returns whether there is a place for it. */
    wrong(text) {
      const place = { gesture, value: control, hold_s: hold, phase, hand, profile, after, before, armed, presence }[text.split(":")[0]] ?? trigger;
      if (conditions.contains(place.box)) conditions.open = true;
      place.wrong(text);
      return true;
    },
    quiet: () => [trigger, gesture, control, phase, hold, hand, armed, presence, profile, after, before].forEach((each) => each.quiet()),
    /** Whether a number may follow a hand. */
    follows: () => kind() === "value",
    read() {
      const when = { ...FIXED[kind()] };
      if (kind() === "value") when.value = control.control.value;
      if (kind() === "gesture") {
        when.gesture = gesture.control.value;
        if (!hold.box.hidden) when.hold_s = hold.control.valueAsNumber || 0;
        else if (!phase.box.hidden && phase.control.value) when.phase = phase.control.value;
      }
      if (!hand.box.hidden && hand.control.value) when.hand = hand.control.value;
      for (const [key, each] of [["armed", armed], ["presence", presence]]) {
        if (!each.box.hidden && each.control.value) when[key] = each.control.value === "true";
      }
      if (profile.control.value) when.profile = profile.control.value;
      if (after.control.value) when.after = after.control.value;
      if (before.control.value) when.before = before.control.value;
      const chosen = days.filter(([, each]) => each.checked).map(([day]) => day);
      if (chosen.length && chosen.length < DAYS.length) when.days = chosen;
      return when;
    },
    write(when) {
      const fixed = Object.keys(FIXED).find((each) => !when.gesture && !when.value && same(FIXED[each], when));
      trigger.control.value = when.gesture ? "gesture" : when.value ? "value" : fixed ?? "gesture";
      if (when.gesture) pick(gesture.control, when.gesture);
      if (when.value) control.control.value = when.value;
      phase.control.value = when.hold_s ? "held" : ["repeat", "end"].includes(when.phase) ? when.phase : "";
      if (when.hold_s) hold.control.value = when.hold_s;
      hand.control.value = when.hand ?? "";
      armed.control.value = fixed && "armed" in FIXED[fixed] ? "" : String(when.armed ?? "");
      presence.control.value = fixed && "presence" in FIXED[fixed] ? "" : String(when.presence ?? "");
      if (when.profile) pick(profile.control, when.profile);
      after.control.value = when.after ?? "";
      before.control.value = when.before ?? "";
      for (const [day, each] of days) each.checked = when.days?.includes(day) ?? false;
      conditions.open = ["profile", "after", "before", "days"].some((key) => key in when) || (!fixed && ("armed" in when || "presence" in when));
      show();
    },
  };
}

/** Return whether the form can show all that stands in a `when`. */
export function fitsWhen(when) {
  return Object.keys(when).every((key) => SHOWN.includes(key))
    && [when.gesture ?? "", when.profile ?? ""].every((each) => typeof each === "string")
    && !["once", "hold"].includes(when.phase) && !(when.phase === "start") && !(when.phase && when.hold_s);
}

const same = (fixed, when) => Object.entries(fixed).every(([key, value]) => when[key] === value);

/** Choose a value, also one that is not among the choices: what stands in a rule is shown, and the check says what is wrong with it. */
export function pick(select, value) {
  if (![...select.options].some((each) => each.value === value)) select.append(element("option", { value }, value));
  select.value = value;
}

function gestureChoices({ grammar, gestures, counting }) {
  const kinds = new Map(gestures.map(({ name, kind }) => [name, kind]));
  return grammar.gestures.map((name) => [name, `${words(name)}${counting.includes(name) ? "" : " (off)"}`, KINDS[kinds.get(name)] ?? "Others"]);
}
