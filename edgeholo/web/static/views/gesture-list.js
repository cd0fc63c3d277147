/* All gestures that could be on, by what they are made with, each with a switch and, folded away, times of its own. */

import { beside, element, say, small, words } from "../dom.js";
import { told } from "./changes.js";
import { toggle } from "./field.js";
import { slider } from "./slider.js";

const KINDS = [
  [["static"], "A hand held in a shape"],
  [["movement", "both_hands"], "Hands that move"],
  [["body", "posture"], "Body"],
  [["face"], "Face"],
  [["taught"], "Taught here"],
];
const ALONE = [
  ["hold_s", "Hold", { min: 0, max: 5, step: 0.1, unit: "s", most: 3600, hint: "Held for so long, it says hold." }],
  ["onset_s", "Start", { min: 0, max: 2, step: 0.05, unit: "s", most: 3600, hint: "Shown for so long, it starts." }],
];

/**
 * Return the list: `box`, and `show()` after any change.
 * @param {House} house that is asked
 * @param {Changes} changes of its options
 * @param {Array} known gestures, as api/gestures has them
 */
export function gestureList(house, changes, known) {
  const rows = known.map((gesture) => row(house, changes, gesture));
  const groups = KINDS.map(([kinds, title]) => group(title, rows.filter((each) => kinds.includes(each.gesture.kind)))).filter(Boolean);
  const show = () => [...rows, ...groups].forEach((each) => each.show());
  show();
  return { box: element("div", { className: "gesture-groups" }, ...groups.map((each) => each.box)), show };
}

/** The names that count now. */
export const counting = (house) => house.state.info?.gestures ?? [];

function group(title, rows) {
  if (!rows.length) return null;
  const count = element("span", { className: "pill number" });
  const note = element("p", { className: "small soft" });
  const box = element("details", { className: "card group" },
    element("summary", {}, element("h3", {}, title), count), note, ...rows.map((each) => each.box));
  return {
    box,
    show() {
      say(count, `${rows.filter((each) => each.on()).length} of ${rows.length} on`);
      const face = rows[0].gesture.kind === "face" && rows[0].changes.of("face") === "off";
      note.hidden = !face;
      say(note, face ? "The face is not looked at now: none of these can be seen until it is switched on below." : "");
    },
  };
}

function row(house, changes, gesture) {
  const on = () => counting(house).includes(gesture.name);
  let wanted = null; /* what was asked for and is not answered yet */
  const made = toggle(words(gesture.name), {
    hint: gesture.description,
    onchange: () => {
      wanted = made.control.checked;
      told(made, changes.change("gestures", () => without(house, gesture.name, wanted)), () => {
        wanted = null;
        show();
      });
    },
  });
  const times = element("details", { className: "times" });
  const summary = element("summary", {}, "Times of its own");
  times.append(summary);
  let sliders = null;
  times.ontoggle = () => {
    if (times.open && !sliders) {
      sliders = ownTimes(changes, gesture);
      times.append(sliders.box);
      sliders.show();
    }
  };
  const show = () => {
    made.control.checked = wanted ?? on();
    made.control.disabled = changes.of("gestures") === undefined;
    const own = changes.of("each")?.[gesture.name];
    say(summary, own && Object.values(own).some((each) => each !== null) ? "Times of its own: yes" : "Times of its own");
    times.hidden = changes.of("each") === undefined;
    sliders?.show();
  };
  return { box: element("div", { className: "gesture" }, made.box, times), gesture, changes, on, show };
}

/** Return the names that are to count; an empty list would mean those of the profile. */
function without(house, name, on) {
  const names = counting(house).filter((each) => each !== name);
  if (on) return [...names, name];
  if (!names.length) throw new Error("One gesture must stay on; to hear none for a while, close the camera in Setup");
  return names;
}

/** Return the sliders of one gesture, and the button that gives it the times of all again. */
function ownTimes(changes, { name, kind }) {
  const own = () => changes.of("each")?.[name] ?? {};
  const put = (key, value) => changes.change("each", (each) => {
    const mine = { ...each?.[name], [key]: value };
    return { ...each, [name]: mine };
  });
  const sliders = ALONE.map(([key, label, scale]) => [key, slider(label, scale, (value) => put(key, value))]);
  const word = element("p", { className: "outcome small", role: "status" });
  const tell = { quiet: () => say(word, ""), busy: (text) => say(word, text), kept: (text) => say(word, text), wrong: (text) => say(word, text) };
  const reset = element("button", {
    className: "plain",
    onclick: () => told(tell, changes.change("each", (each) => Object.fromEntries(Object.entries(each ?? {}).filter(([other]) => other !== name))), () => {}),
  }, "As all the others");
  const once = ["movement", "both_hands"].includes(kind);
  return {
    box: element("div", { className: "stack own-times" }, once && small("A movement is over when it is seen: only shapes that are held have a start and a hold."),
      ...(once ? [] : sliders.map(([, each]) => each.box)), beside(reset, word)),
    show() {
      for (const [key, each] of sliders) each.show(own()[key] ?? changes.of(key), { pending: changes.pending("each") });
      reset.disabled = !(name in (changes.of("each") ?? {}));
    },
  };
}
