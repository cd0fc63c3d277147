/* The last hundred events, the newest first, and what each of them fired. */

import { clock, element, fill, lasting, partName, percent, plain, words } from "./dom.js";

const FIRST = 12;
const PHASES = { start: "began", hold: "held", repeat: "still held", end: "over", once: "done" };

/** Draw the list. Returns what draws it anew. */
export function history(place, house) {
  let all = false;
  const list = element("ol", { className: "history" });
  const more = plain("", () => { all = !all; draw(); });
  fill(place, list, more);
  const draw = () => {
    const entries = withActions(house.state.events).reverse();
    fill(list, ...(all ? entries : entries.slice(0, FIRST)).map(row));
    if (!entries.length) fill(list, element("li", { className: "soft" }, "No gesture was heard since this page's server started. Show one: it stands here at once."));
    more.hidden = entries.length <= FIRST;
    more.textContent = all ? "Show fewer" : `Show all ${entries.length}`;
  };
  draw();
  return draw;
}

/** Events with the actions that they set off: those of the same run and number. What nothing set off stands by itself. */
export function withActions(events) {
  const entries = [];
  const known = new Map();
  for (const event of events) {
    const key = `${event.run} ${event.seq}`;
    const cause = event.kind === "action" && event.seq !== null ? known.get(key) : null;
    if (cause) cause.actions.push(event);
    else entries.push(event.kind === "action" ? { actions: [event], time: event.time } : { gesture: event, actions: [], time: event.time });
    if (event.kind === "gesture") known.set(key, entries.at(-1));
  }
  return entries;
}

function row({ gesture, actions, time }) {
  const stamp = element("time", { className: "number soft", dateTime: time }, clock(time));
  const what = gesture ? gestureWords(gesture) : [element("strong", {}, words(actions[0].trigger ?? "rule"))];
  return element("li", { className: gesture?.phase === "end" ? "past" : "" }, stamp,
    element("div", {}, element("p", { className: "event" }, ...what), ...actions.map(fired)));
}

function gestureWords({ event_type: name, hand, phase, confidence, duration_s: duration, count }) {
  const length = phase === "end" || phase === "repeat" || phase === "hold" ? ` after ${lasting(duration)}` : "";
  const fingers = count ? `, ${count} ${count === 1 ? "finger" : "fingers"}` : "";
  return [element("strong", {}, words(name)), ` ${PHASES[phase] ?? phase}${length} `,
    element("span", { className: `soft side ${hand ?? "body"}` }, `${partName(hand)}${phase === "start" || phase === "once" ? fingers : ""}, ${percent(confidence)}`)];
}

function fired({ rule, actions, ok, error }) {
  return element("p", { className: ok ? "fired" : "fired failed" }, element("strong", {}, ok ? "Done: " : "Failed: "), `${rule} `,
    element("span", { className: "soft" }, actions.join(", ")), !ok && element("span", { className: "error" }, error));
}
