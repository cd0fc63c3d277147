/* What is seen now: everyone's skeleton, and in large words what it is taken for. */

import { card, element, fill, icon, partName, percent, remember, remembered, say, words } from "../dom.js";
import { large } from "../large.js";
import { branchRows, partRows } from "../parts.js";
import { seen, waits } from "../seen.js";
import { Shown } from "../shown.js";
import { Stage } from "../stage.js";

export const title = "Now";

/** A length that grows is said anew so often, and old explanations go. */
const TICK_MS = 500;

/** Show it; returns what ends it. */
export function mount(place, house) {
  const canvas = element("canvas", { role: "img", "aria-label": "Skeletons seen by the unit: nobody", id: "stage" });
  const mirror = button("mirror", "Mirror");
  const enlarge = button("large", "Large");
  const words_ = new Words(house);
  const spoken = element("p", { className: "unseen", "aria-live": "polite" });
  const parts = element("div", { className: "people" });
  const branches = element("div");
  const counts = element("p", { className: "pill counts" });
  const armed = element("p", { className: "pill", hidden: true });
  const board = element("div", { className: "board" },
    element("figure", { className: "stage" }, canvas, element("div", { className: "tools" }, mirror, enlarge)),
    element("section", { className: "seen card", "aria-labelledby": "seen-title" },
      element("h2", { id: "seen-title", className: "unseen" }, "What I see now"),
      element("div", { className: "row pills" }, counts, armed), words_.element, parts));
  fill(place, element("h1", { className: "unseen" }, "Now"), spoken, board,
    card("What the unit looks at, and why", branches));

  const stage = new Stage(canvas, house);
  const endMirror = switched(mirror, "mirrored", (on) => (stage.mirrored = on));
  const endLarge = large(board, enlarge);
  const showParts = partRows(parts, house);
  const showBranches = branchRows(branches, house);
  const show = () => {
    const now = seen(house, shown.all);
    words_.show(now);
    board.dataset.mood = now.mood;
    board.dataset.why = now.why ?? "";
    counts.hidden = !now.counts;
    say(counts, now.counts);
    parts.hidden = now.mood === "away";
    armed.hidden = !house.state.config?.arming || house.state.armed === null || house.link !== "live";
    say(armed, waits(house.state) ? "Waiting for the wake gesture" : "Armed: gestures count");
    showParts();
    showBranches();
  };
  const shown = new Shown(house, (gesture) => {
    if (gesture && gesture.phase !== "end") say(spoken, inWords(gesture));
    show();
  });
  const ends = [house.on("state", show), house.on("insight", show), house.on("link", show)];
  const tick = setInterval(show, TICK_MS);
  show();
  return () => {
    for (const end of [...ends, endMirror, endLarge]) end();
    clearInterval(tick);
    shown.close();
    stage.close();
  };
}

/** The headline, why, and how sure. */
class Words {
  constructor(house) {
    this._headline = element("p", { className: "headline" });
    this._detail = element("p", { className: "detail" });
    this._bar = element("span");
    this._share = element("span", { className: "number" });
    this._sure = element("div", { className: "sure" }, element("div", { className: "meter" }, this._bar), this._share);
    this._open = element("button", { hidden: true, onclick: () => house.set("privacy", false).catch((error) => say(this._detail, error.message)) }, "Open the camera");
    this.element = element("div", { className: "words" }, this._headline, this._detail, this._sure, this._open);
  }

  show({ headline, detail, share, side, offer }) {
    say(this._headline, headline);
    say(this._detail, detail);
    // The longest word sets the size: "counterclockwise" does not fit where "Thumb up" does.
    this.element.style.setProperty("--letters", Math.max(6, ...headline.split(" ").map((word) => word.length)));
    this.element.dataset.side = side ?? "";
    this._sure.hidden = share === null;
    this._bar.style.transform = `scaleX(${share ?? 0})`;
    say(this._share, share === null ? "" : `${percent(share)} sure`);
    this._open.hidden = offer !== "open";
  }
}

function inWords({ event_type: name, hand, phase }) {
  return `${words(name)}, ${partName(hand).toLowerCase()}${phase === "hold" ? ", held" : ""}`;
}

function button(sign, word) {
  return element("button", { className: "tool", title: word }, icon(sign), element("span", {}, word));
}

/** A button that is on or off, and remembered in this browser. */
function switched(target, name, change) {
  const set = (on) => {
    target.setAttribute("aria-pressed", on);
    change(on);
  };
  target.onclick = () => {
    const on = target.getAttribute("aria-pressed") !== "true";
    remember(name, on);
    set(on);
  };
  set(remembered(name, "true") === "true");
  return () => (target.onclick = null);
}
