/* What is seen now. */

import { element, fill } from "../dom.js";

export const title = "Now";

/** Show it; returns what ends it. */
export function mount(place, house) {
  const draw = () => fill(place, element("h1", {}, "Now"), element("p", {}, house.state.presence?.person ? "I see somebody" : "Nobody in sight"));
  draw();
  return house.on("state", draw);
}
