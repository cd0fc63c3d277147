/* What rules would have done in the last minute. */

import { clock, element, fill, soft, words } from "../dom.js";

/** Show what came of a trial. */
export function showTrial(place, { seconds, gestures, fired, never }) {
  const shown = gestures.length ? `In the last ${Math.round(seconds)} seconds there was ${gestures.map(words).join(", ")}.` : `In the last ${Math.round(seconds)} seconds no gesture was shown: show it now, then try once more.`;
  fill(place,
    element("h3", {}, fired.length ? `It would have fired ${fired.length === 1 ? "once" : `${fired.length} times`}` : "It would not have fired"),
    soft(`${shown} Nothing was sent.`),
    fired.length > 0 && element("ol", { className: "plain-list firings", tabIndex: 0, "aria-label": "What would have fired" }, ...fired.map(firing)),
    ...never.filter((each) => Object.keys(each.why).length).map((each) => element("p", {}, `${each.rule} was set off, but ${Object.entries(each.why).map(([why, count]) => `${why} was not met${count > 1 ? ` (${count} times)` : ""}`).join(", ")}.`)));
}

function firing({ time, rule, trigger, phase, hand, orders, failures }) {
  const what = [words(trigger), phase, hand && `${hand} hand`].filter(Boolean).join(", ");
  return element("li", {}, element("p", {}, element("strong", { className: "number" }, clock(time)), ` ${rule}`), soft(what),
    ...orders.map((each) => element("code", { className: "order" }, each)),
    ...failures.map((each) => element("p", { className: "error" }, `It would have failed: ${each}`)));
}
