/* A lesson while it is given: what to do now, how often still, and what came of it. */

import { beside, element, fill, plain, say, sentence, words } from "../dom.js";
import { told } from "./changes.js";
import { outcome } from "./field.js";
import { live } from "./live.js";

const OVER = ["idle", "learned", "rejected", "timeout", "cancelled", "failed"];
const STATES = {
  waiting: "Show it",
  recording: "I am watching",
  shown: "Seen",
  learned: "Learned",
  rejected: "Not learned",
  timeout: "Nothing was shown",
  cancelled: "Cancelled",
  failed: "Could not be kept",
};
const TONES = { shown: "good", learned: "good", rejected: "bad", timeout: "warn", cancelled: "", failed: "bad" };

/** The lesson: the skeleton of now, a big word, a dot for every show. */
export function lessonCard(house) {
  const stage = live(house);
  const state = element("p", { className: "lesson-state" });
  const hint = element("p", { className: "lesson-hint" });
  const dots = element("p", { className: "dots", role: "img" });
  const word = outcome(hint);
  const cancel = plain("Cancel", () => told(word, house.set("learn", ""), () => {}));
  const done = element("button", { onclick: () => close() }, "Done");
  const on = plain("Let it count", () => switchOn());
  const spoken = element("div", { role: "status", "aria-atomic": "true" }, state, hint);
  const box = element("section", { className: "card lesson", "aria-label": "The lesson" }, stage.box,
    element("div", { className: "lesson-words" }, spoken, dots, beside(cancel, done, on), word.place));
  let seen = false; /* whether the lesson was under way while this was open: an old result is no news */
  const learn = () => house.state.learn ?? { name: "", state: "idle", shows_done: 0, shows_wanted: 0, hint: "" };
  const running = () => !OVER.includes(learn().state);
  const close = () => {
    seen = false;
    show();
  };
  const switchOn = () => {
    const names = house.state.info?.gestures ?? [];
    told(word, house.set("gestures", [...names, learn().name]), show);
  };
  const show = () => {
    const now = learn();
    seen ||= running();
    box.hidden = !seen;
    if (!seen) return;
    const counts = (house.state.info?.gestures ?? []).includes(now.name);
    box.dataset.tone = TONES[now.state] ?? "";
    say(state, STATES[now.state] ?? words(now.state));
    say(hint, sentence(now.hint));
    dots.setAttribute("aria-label", `${now.shows_done} of ${now.shows_wanted} shows of ${words(now.name)}`);
    if (dots.dataset.shows !== `${now.shows_done}/${now.shows_wanted}`) {
      dots.dataset.shows = `${now.shows_done}/${now.shows_wanted}`;
      fill(dots, ...Array.from({ length: now.shows_wanted }, (_, n) => element("span", { className: n < now.shows_done ? "dot-done" : "dot-open" })));
    }
    cancel.hidden = !running();
    done.hidden = running();
    on.hidden = now.state !== "learned" || counts || house.state.config?.gestures === undefined;
  };
  return {
    box,
    show,
    running,
    begin() {
      seen = true;
      word.quiet();
      show();
      box.scrollIntoView({ block: "nearest" });
    },
    end: () => stage.end(),
  };
}
