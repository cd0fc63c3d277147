/* Which gestures count, after how long, and where in the picture. */

import { below, card, element, fill, plain, say, soft, words } from "../dom.js";
import { Changes, told } from "./changes.js";
import { choice, failed, field, options, toggle } from "./field.js";
import { counting, gestureList } from "./gesture-list.js";
import { slider } from "./slider.js";
import { zoneEditor } from "./zone.js";

export const title = "Gestures";

const TIMES = [
  ["onset_s", "Start", { min: 0, max: 2, step: 0.05, unit: "s", most: 3600, hint: "A shape is shown for so long before it starts. Longer: fewer by chance." }],
  ["hold_s", "Hold", { min: 0, max: 5, step: 0.1, unit: "s", most: 3600, hint: "And held for so long before it says hold, for rules that ask for it." }],
  ["cooldown_s", "Rest", { min: 0, max: 5, step: 0.1, unit: "s", most: 3600, hint: "The same gesture of the same hand rests for so long afterwards." }],
  ["confidence", "Sureness", { min: 0, max: 1, step: 0.01, unit: "of 1", hint: "How sure it must be. Higher: fewer mistakes, and more that is missed." }],
];

/** Show it; returns what ends it. */
export function mount(place, house) {
  const changes = new Changes(house);
  const offs = [];
  const parts = [profile(house, changes), times(changes), arming(house, changes)];
  const zone = zoneEditor(house, (value) => changes.change("zone", () => value));
  const list = element("div", {}, soft("The gestures are on their way …"));
  let gestures = null;
  let names = "";

  const show = () => {
    parts.forEach((part) => part.show());
    gestures?.show();
    zone.show(changes.of("zone"), { pending: changes.pending("zone") });
  };
  /** What is known is asked for again when something was taught or forgotten. */
  const load = async (again) => {
    const asked = `${house.unit} ${(house.state.info?.taught ?? []).join(" ")}`;
    if (!house.unit || (asked === names && !again)) return;
    names = asked;
    try {
      const known = await house.get(`api/gestures?unit=${encodeURIComponent(house.unit)}`);
      const open = new Set([...list.querySelectorAll("details.group[open] h3")].map((each) => each.textContent));
      gestures = gestureList(house, changes, known);
      fill(list, gestures.box);
      for (const each of list.querySelectorAll("details.group")) each.open = open.has(each.querySelector("h3").textContent);
    } catch (error) {
      fill(list, failed("The gestures could not be read", error, () => load(true)));
    }
  };
  fill(place,
    element("div", { className: "stack" },
      element("h1", {}, "Gestures"),
      element("section", { className: "stack", "aria-label": "Which gestures count" }, parts[0].box, list),
      element("div", { className: "setup-columns" },
        below(parts[1].box, parts[2].box),
        card("Where it counts", zone.box))));
  offs.push(house.on("state", () => (show(), load())));
  show();
  load();
  return () => {
    offs.forEach((off) => off());
    zone.end();
  };
}

/** The set that counts: one of the profiles, or an own choice. */
function profile(house, changes) {
  const select = choice([], "", { onchange: () => told(made, choose(select.value), show) });
  const note = element("span", {});
  const made = field("Profile", select, { hint: note });
  const back = element("button", { className: "plain", onclick: () => told(made, changes.change("gestures", () => []), show) });
  /** A profile says nothing while names are chosen one by one, so these are let go with it. */
  const choose = async (name) => {
    await changes.change("profile", () => name);
    if (changes.of("gestures")?.length) await changes.change("gestures", () => []);
  };
  const show = () => {
    const [now, own] = [changes.of("profile"), changes.of("gestures") ?? []];
    const all = house.state.info?.profiles ?? [];
    options(select, all.map((name) => [name, words(name)]), now);
    select.disabled = now === undefined;
    say(note, own.length
      ? `Your own choice of ${own.length} gestures counts, instead of the profile.`
      : `${counting(house).length} gestures count. Switch single ones below, and it becomes your own choice.`);
    say(back, `Back to ${words(now ?? "")}`);
    back.hidden = !own.length;
  };
  return { box: element("div", { className: "card stack" }, made.box, back), show };
}

function times(changes) {
  const sliders = TIMES.map(([option, label, scale]) => [option, slider(label, scale, (value) => changes.change(option, () => value))]);
  return {
    box: card("How long, how sure", ...sliders.map(([, each]) => each.box)),
    show: () => sliders.forEach(([option, each]) => each.show(changes.of(option), { pending: changes.pending(option) })),
  };
}

function arming(house, changes) {
  const switches = [
    ["arming", "Wake gesture first", "Nothing counts until the wake gesture was shown: an open palm, unless set otherwise. Then there are a few seconds for a command.", (on) => on, (value) => value],
    ["face", "Look at the face", "For nods, smiles and the like. It costs the unit some work.", (on) => (on ? "auto" : "off"), (value) => value !== "off"],
  ].map(([option, label, hint, write, read]) => {
    const made = toggle(label, { hint, onchange: () => told(made, changes.change(option, () => write(made.control.checked)), show) });
    const show = () => {
      const now = changes.of(option);
      made.control.disabled = now === undefined;
      if (!changes.pending(option)) made.control.checked = now !== undefined && read(now);
    };
    return { box: made.box, show };
  });
  return {
    box: card("When it counts", ...switches.map((each) => each.box)),
    show: () => switches.forEach((each) => each.show()),
  };
}
