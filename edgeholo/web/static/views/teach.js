/* Teaching a gesture by showing it: which one, and what was taught before. */

import { below, beside, card, element, fill, plain, soft, words } from "../dom.js";
import { asked } from "./ask.js";
import { told } from "./changes.js";
import { choice, field, outcome, textBox } from "./field.js";
import { lessonCard } from "./lesson.js";

export const title = "Teach";

const NAME = /^[a-z][a-z0-9_]{0,31}$/;
const MOST_SHOWS = 10;

/** Show it; returns what ends it. */
export function mount(place, house) {
  const lesson = lessonCard(house);
  const form = formCard(house, () => lesson.begin());
  const list = taughtCard(house, (name) => form.again(name));
  const show = () => {
    lesson.show();
    form.show(lesson.running());
    list.show();
  };
  fill(place, element("div", { className: "stack" },
    element("h1", {}, "Teach a gesture"),
    soft("Show a hand shape or a movement of your own a few times, and it counts from then on. The unit keeps points, no pictures."),
    element("div", { className: "setup-columns" }, below(lesson.box, form.box), list.box)));
  const off = house.on("state", show);
  show();
  return () => {
    off();
    lesson.end();
  };
}

/** What a person wrote, as the unit writes names: "Peace out!" is peace_out. */
function nameOf(text) {
  return text.trim().toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}

function formCard(house, begun) {
  const name = field("Name", textBox({ maxLength: 48, placeholder: "peace out" }), { hint: "As you would call it: letters and digits." });
  const hand = field("Hand", choice([["", "Either"], ["left", "Left"], ["right", "Right"]], ""));
  const kind = field("What it is", choice([["", "Find out"], ["pose", "A shape, held still"], ["movement", "A movement"]], ""));
  const shows = field("How often you show it", choice(Array.from({ length: MOST_SHOWS }, (_, n) => [String(n + 1), String(n + 1)]), "3"));
  const go = element("button", { type: "submit" }, "Begin");
  const word = outcome(go);
  const replace = plain("Teach it anew", () => send(true), { hidden: true });
  const taken = () => (house.state.info?.taught ?? []).includes(nameOf(name.control.value));

  /** Say what the name becomes, or why it cannot be one. */
  const check = (strict) => {
    const [written, made] = [name.control.value, nameOf(name.control.value)];
    replace.hidden = !taken();
    go.hidden = !replace.hidden;
    if (!made) return strict ? (name.wrong("Give it a name"), false) : (name.quiet(), false);
    if (!NAME.test(made)) return name.wrong("A name begins with a letter, and has at most 32 letters and digits"), false;
    if (taken()) name.busy(`${words(made)} was taught already; it can be taught anew.`);
    else if ((house.state.info?.known ?? house.state.info?.gestures ?? []).includes(made)) return name.wrong(`${words(made)} is a gesture already: choose another name`), false;
    else name.busy(made === written ? "" : `It will be called ${made}`);
    return true;
  };
  const send = async (again) => {
    if (!check(true)) {
      name.control.focus();
      return;
    }
    const wish = { name: nameOf(name.control.value), shows: Number(shows.control.value), kind: kind.control.value || null, hand: hand.control.value || null, replace: again };
    go.disabled = replace.disabled = true;
    word.quiet();
    try {
      await house.set("learn", wish);
      name.control.value = "";
      name.quiet();
      begun();
    } catch (error) {
      word.wrong(error.message);
    } finally {
      go.disabled = replace.disabled = false;
      check(false);
    }
  };
  name.control.oninput = () => check(false);
  const box = element("form", {
    className: "card stack", noValidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      send(taken());
    },
  }, element("h2", {}, "A new gesture"), name.box,
  element("div", { className: "fields" }, hand.box, kind.box, shows.box), beside(go, replace), word.place);
  return {
    box,
    show: (running) => (box.hidden = running),
    again(taught) {
      name.control.value = taught;
      check(false);
      name.control.focus();
    },
  };
}

/** What was taught, each with a way to forget it, which is asked about first. */
function taughtCard(house, again) {
  const list = element("ul", { className: "plain-list" });
  const none = soft("Nothing was taught here yet.");
  const word = outcome(list);
  let names = null;
  const forget = async (name) => {
    const sure = await asked(`Forget ${words(name)}?`, "It counts no more, and rules that wait for it no longer fire. Only showing it again brings it back.", "Forget it");
    if (sure) told(word, house.set("forget", name), show);
  };
  const show = () => {
    const taught = house.state.info?.taught ?? [];
    none.hidden = taught.length > 0;
    if (names === taught.join(" ")) return;
    names = taught.join(" ");
    fill(list, ...taught.map((name) => element("li", { className: "row spread" }, element("strong", {}, words(name)),
      element("span", { className: "row" },
        plain("Teach anew", () => again(name), { "aria-label": `Teach ${words(name)} anew` }),
        plain("Forget", () => forget(name), { "aria-label": `Forget ${words(name)}` })))));
  };
  return { box: card("Taught here", none, list, word.place), show };
}
