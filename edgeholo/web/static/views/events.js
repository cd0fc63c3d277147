/* What happened. */

import { element, fill } from "../dom.js";

export const title = "Events";

/** Show it; returns what ends it. */
export function mount(place, house) {
  const draw = () => fill(place, element("h1", {}, "Events"), element("p", {}, `${house.state.events.length} events`));
  draw();
  return house.on("state", draw);
}
