/* What every hand and body shows, and why it does not count; which branches run, and why. */

import { element, fill, partName, percent, say, sentence, words } from "./dom.js";
import { insightNow } from "./seen.js";

const PARTS = ["left_hand", "right_hand", "body", "face"];
const BRANCHES = ["pose", "left_hand", "right_hand", "face"];

/** The scheduler's words, in a sentence's words. */
const WHY = {
  on: "in every frame, as set", off: "switched off", following: "follows what it found", "moving fast": "moves fast: every frame",
  "lost on the move": "lost on the move: every frame", searching: "searches", "searching in vain": "searches now and then",
  resting: "between two looks", hanging: "the arm hangs", "wrist not seen": "the wrist is not seen", "hands lead": "the hands lead",
  "a hand was lost": "a hand was lost", "other hand's turn": "the other hand's turn", "nobody wants it": "no gesture or rule needs it",
  "tracking holds": "follows what it found", "idle room": "glances at an empty room", "a glance": "only a glance",
  "further people": "looks for further people", "nobody found": "nobody found",
};

/** A row for each part of each person. Returns what brings it up to date. */
export function partRows(place, house) {
  let rows = [];
  let key = null;
  return () => {
    const persons = insightNow(house)?.persons ?? [];
    const now = persons.map(({ person, parts }) => `${person}:${shownParts(parts)}`).join();
    if (now !== key) {
      key = now;
      rows = persons.flatMap(({ person, parts }) => shownParts(parts).map((part) => ({ person, part, row: new Row(part) })));
      fill(place, ...persons.flatMap(({ person }) => [
        persons.length > 1 && element("h3", {}, `Person ${person}`),
        element("ul", { className: "parts" }, ...rows.filter((row) => row.person === person).map(({ row }) => row.element)),
      ]));
    }
    for (const { person, part, row } of rows) row.show(persons.find((known) => known.person === person).parts[part]);
  };
}

/** Hands always; body and face where they show something. */
function shownParts(parts) {
  return PARTS.filter((part) => part.endsWith("hand") || parts[part]?.shape);
}

class Row {
  constructor(part) {
    this._what = element("span", { className: "what" });
    this._share = element("span", { className: "number soft" });
    this._why = element("p", { className: "why" });
    this._bar = element("span");
    this.element = element("li", { className: `part ${part}` },
      element("p", { className: "name" }, partName(part)), this._what, this._share, element("div", { className: "meter" }, this._bar), this._why);
  }

  show(part) {
    say(this._what, part?.shape ? words(part.shape) : part ? "No gesture" : "Not in sight");
    say(this._share, part?.shape ? percent(part.confidence) : "");
    say(this._why, sentence(words(part?.why ?? "")) || { active: "It counts.", onset: "Keep it up …", resting: "It has just ended." }[part?.state] || "");
    this.element.dataset.state = part?.state ?? "absent";
    this._bar.style.transform = `scaleX(${part?.shape ? part.confidence : 0})`;
  }
}

/** Which branches run now, and why. Returns what brings it up to date. */
export function branchRows(place, house) {
  const took = element("p", { className: "soft small took" });
  const rows = Object.fromEntries(BRANCHES.map((branch) => [branch, element("dd", {}, "")]));
  fill(place, element("dl", { className: "facts" },
    ...BRANCHES.flatMap((branch) => [element("dt", {}, partName(branch)), rows[branch]])), took);
  return () => {
    const insight = insightNow(house);
    for (const [branch, row] of Object.entries(rows)) {
      const look = insight?.branches[branch];
      row.dataset.run = look?.run ?? false;
      say(row, look ? `${look.run ? "Looking" : "Resting"}: ${WHY[look.why] ?? look.why}` : "Not heard yet");
    }
    const pace = insight?.pace ? ` Slowed by the heat: ${insight.pace}.` : "";
    say(took, !insight ? "" : insight.looking ? `The last look took ${Math.max(1, Math.round(insight.t_ms))} ms.${pace}` : `Not looking: ${insight.why_not}.${pace}`);
  };
}
