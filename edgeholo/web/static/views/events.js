/* What happened: the last minute drawn, the last hundred events with what they fired, and how the unit is. */

import { condition } from "../condition.js";
import { card, element, fill, small } from "../dom.js";
import { history } from "../history.js";
import { Timeline } from "../timeline.js";

export const title = "Events";

/** Show it; returns what ends it. */
export function mount(place, house) {
  const canvas = element("canvas", { role: "img", className: "timeline" });
  const [list, health] = [element("div"), element("div")];
  const legend = "Thin while shown, thick once held, a diamond for a movement; the fainter, the less sure.";
  const armed = element("span", {}, " Shaded: gestures counted.");
  fill(place, element("h1", { className: "unseen" }, "Events"),
    card("The last minute", element("div", { className: "minute" }, canvas), small(legend, armed)),
    element("div", { className: "beside" }, card("What happened", list), card("How the unit is", health)));
  const timeline = new Timeline(canvas, house);
  const [drawList, drawHealth] = [history(list, house), condition(health, house)];
  const showArmed = () => (armed.hidden = !house.state.config?.arming);
  showArmed();
  const ends = [
    ...["gesture", "action", "snapshot"].map((name) => house.on(name, drawList)),
    ...["health", "update", "info", "snapshot"].map((name) => house.on(name, drawHealth)),
    ...["config", "snapshot"].map((name) => house.on(name, showArmed)),
  ];
  return () => {
    for (const end of ends) end();
    timeline.close();
  };
}
