/* "What I see now": one headline, and why nothing counts where nothing does. */

import { lasting, partName, sentence, words } from "./dom.js";
import { whatIsWrong } from "./trouble.js";

/** An explanation that is older than this is none: five a second come while a unit is watched. */
const FRESH_MS = 3000;
/** How far a shape has come, the furthest first: the furthest makes the headline. */
const NEAR = ["active", "onset", "refused", "off"];
/** A shape that is switched off or refused is worth a headline only when it is shown clearly. */
const CLEAR = 0.6;

/** The explanation of this moment, or null. */
export function insightNow(house, now = performance.now()) {
  return house.latest.insight && now - house.latest.insightAt < FRESH_MS ? house.latest.insight : null;
}

/**
 * What to say now, with those gestures of shown.js: {mood, headline, detail, share, side, counts, offer, why}.
 * `mood` is "gesture", "nearly", "somebody", "nobody" or "away", `share` how sure it is or null, `counts` whether it counts, in words.
 */
export function seen(house, gestures) {
  const near = nearest(insightNow(house));
  const newest = gestures.find((one) => !one.over) ?? (near && NEAR.indexOf(near.state) < 2 ? null : gestures[0]);
  return away(house) ?? (newest ? gesture(newest, gestures) : near ? nearly(near) : somebody(house));
}

/** Nobody can be seen at all: no connection, no camera, no light. */
function away(house) {
  const wrong = whatIsWrong(house, null);
  if (wrong) return { ...say("away", "Nothing to see", wrong[1]), why: "trouble" };
  if (house.link !== "live") return say("away", "One moment", "Asking what the unit sees");
  const { camera, quality } = house.state;
  if (camera?.state === "closed") return { ...say("away", "The camera is closed", "For privacy: it is not even opened."), offer: "open" };
  if (camera?.state === "opening") return say("away", "The camera is being opened", camera.detail);
  if (camera?.state === "lost") return say("away", "The camera is lost", camera.detail || "It is opened again as soon as it is there.");
  if (camera?.state === "ended") return say("away", "The recording is over", "The unit looks at a recording instead of a camera, and has reached its end.");
  if (quality && quality.state !== "ok") {
    const [what, ...mend] = quality.hint.split(": ");
    return say("away", words(what), sentence(mend.join(": ")));
  }
  return null;
}

function gesture(shown, all) {
  const more = all.filter((other) => other !== shown && !other.over).map((other) => `${words(other.event_type)} (${partName(other.hand).toLowerCase()})`);
  const now = shown.phase === "once" ? "done" : shown.over ? `over after ${lasting(shown.duration_s)}` : shown.held ? `held for ${lasting((performance.now() - shown.since) / 1000)}` : "begun";
  return {
    ...say("gesture", words(shown.event_type), [`${partName(shown.hand)}, ${now}`, ...more].join(" · ")),
    share: shown.confidence, side: shown.hand, counts: shown.over && shown.phase !== "once" ? "It counted" : "It counts",
  };
}

function nearly(part) {
  return {
    ...say(part.state === "active" ? "gesture" : "nearly", words(part.shape), sentence(words(part.why))), share: part.confidence,
    side: part.side, counts: { active: "It counts", onset: "Not yet: keep it up" }[part.state] ?? "Does not count",
  };
}

function somebody(house) {
  const insight = insightNow(house);
  const count = insight?.persons.length || (house.state.presence?.person ? house.state.presence.count : 0);
  if (!count) return say("nobody", "Nobody in sight", insight?.why_not ? `${words(insight.why_not)}: it takes a glance now and then.` : "Step in front of the camera.");
  return say("somebody", count > 1 ? `I see ${count} people` : "I see you", waits(house.state) ? "Gestures wait for the wake gesture." : "Raise a hand, and hold it still in a gesture.");
}

/** Whether gestures wait for the wake gesture. */
export function waits(state) {
  return Boolean(state.config?.arming) && state.armed?.armed === false;
}

/** The part of somebody that is nearest to being a gesture. */
function nearest(insight) {
  const shapes = (insight?.persons ?? []).flatMap(({ parts }) => Object.entries(parts))
    .filter(([, part]) => part?.shape && NEAR.includes(part.state) && (NEAR.indexOf(part.state) < 2 || part.confidence >= CLEAR));
  shapes.sort(([, one], [, other]) => NEAR.indexOf(one.state) - NEAR.indexOf(other.state) || other.confidence - one.confidence);
  if (!shapes.length) return null;
  const [name, part] = shapes[0];
  return { ...part, side: { left_hand: "left", right_hand: "right" }[name] ?? null };
}

function say(mood, headline, detail) {
  return { mood, headline, detail, share: null, side: null, counts: "", offer: null };
}
