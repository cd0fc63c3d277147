/* The last minute: a lane for every hand and body, bars from start to end, marks for movements, a band while gestures count. */

import { lasting, partName, words } from "./dom.js";

const SPAN_MS = 60_000;
const TICK_MS = 10_000;
const LANE = 50;
const HEAD = 8;
const FOOT = 26;
/** Room for the lanes' names. */
const NAMES = 84;
const MARGIN = 10;
const LANES = ["left", "right", null];
const COLOURS = { left: "--left", right: "--right", null: "--ink", armed: "--accent", line: "--line", soft: "--soft", ink: "--ink", well: "--well" };
/** Often enough for a line that moves 15 pixels a second. */
const FRAME_MS = 100;
const CALM_MS = 1000;

/** The clock of the unit against that of this browser: a phone may be minutes off. */
export class UnitClock {
  constructor(house) {
    this._delays = [];
    this.end = house.on("insight", ({ time }) => {
      this._delays = [...this._delays, Date.now() - Date.parse(time)].slice(-10);
    });
  }

  /** Now, as the unit has it, milliseconds since 1970; `latest` is a time it has told. */
  now(latest = 0) {
    return Math.max(Date.now() - (this._delays.length ? Math.min(...this._delays) : 0), latest);
  }
}

/**
 * Gestures from their events: {name, hand, person, from, held, to, once, confidence}, times in milliseconds, `held` and `to`
 * null where that has not happened (yet).
 */
export function episodes(events) {
  const all = [];
  const open = new Map();
  for (const event of events) {
    if (event.kind !== "gesture") continue;
    const at = Date.parse(event.time);
    const key = [event.run, event.person, event.hand, event.event_type].join();
    const begun = open.get(key) ?? { name: event.event_type, hand: event.hand, person: event.person, from: at - 1000 * event.duration_s, held: null, to: null, once: event.phase === "once", confidence: 0 };
    if (!open.has(key)) all.push(begun);
    open.set(key, begun);
    begun.confidence = Math.max(begun.confidence, event.confidence);
    if (event.phase === "hold") begun.held = at;
    if (event.phase === "end" || event.phase === "once") {
      begun.to = at;
      open.delete(key);
    }
  }
  return all;
}

export class Timeline {
  constructor(canvas, house) {
    this._canvas = canvas;
    this._house = house;
    this._context = canvas.getContext("2d");
    this._clock = new UnitClock(house);
    this._armed = [];
    this._told = "";
    this._offs = [
      this._clock.end, house.on("gesture", () => this._read()), house.on("snapshot", () => this._begin()), house.on("armed", (armed) => this._arm(armed)),
    ];
    this._begin();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this._timer = setInterval(() => this._draw(), calm ? CALM_MS : FRAME_MS);
    this._resized = new ResizeObserver(() => this._draw());
    this._resized.observe(canvas.parentElement);
  }

  /** End. */
  close() {
    for (const off of this._offs) off();
    clearInterval(this._timer);
    this._resized.disconnect();
  }

  _begin() {
    this._armed = [];
    this._arm(this._house.state.armed);
    this._read();
  }

  _arm(armed) {
    if (armed) this._armed = [...this._armed, { armed: armed.armed, from: Date.parse(armed.since) }].slice(-50);
    else this._armed = [];
  }

  _read() {
    const { events, availability } = this._house.state;
    const runs = events.filter((event) => event.kind === "gesture");
    this._run = runs.at(-1)?.run;
    this._episodes = episodes(events);
    this._latest = Math.max(0, ...runs.map((event) => Date.parse(event.time)));
    // What began in another run, or on a unit that is gone, has no end: it is not drawn until now.
    const alive = availability === "online";
    for (const one of this._episodes) if (one.to === null && (!alive || this._latest - one.from > SPAN_MS)) one.to = one.held ?? one.from;
    this._draw();
  }

  /** A lane for each hand and body that showed something, and always for the two hands. */
  _lanes(seen) {
    const persons = [...new Set(seen.map(({ person }) => person))].sort();
    if (!persons.length) persons.push(0);
    return persons.flatMap((person) => LANES.filter((hand) => hand !== null || seen.some((one) => one.person === person && one.hand === null))
      .map((hand) => ({ person, hand, name: (persons.length > 1 ? `${person}: ` : "") + partName(hand) })));
  }

  _draw() {
    const now = this._clock.now(this._latest);
    const seen = this._episodes.filter(({ to }) => to === null || to > now - SPAN_MS);
    const lanes = this._lanes(seen);
    const width = this._canvas.parentElement.clientWidth;
    const height = HEAD + LANE * lanes.length + FOOT;
    const ratio = devicePixelRatio || 1;
    if (this._canvas.width !== Math.round(width * ratio) || this._canvas.height !== Math.round(height * ratio)) {
      this._canvas.width = Math.round(width * ratio);
      this._canvas.height = Math.round(height * ratio);
      this._canvas.style.height = `${height}px`;
    }
    const style = getComputedStyle(this._canvas);
    this._ink = Object.fromEntries(Object.entries(COLOURS).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]));
    const context = this._context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.textBaseline = "alphabetic";
    const x = (time) => width - MARGIN - ((now - time) / SPAN_MS) * (width - NAMES - MARGIN);
    this._drawArmed(x, now, height);
    this._drawGrid(x, now, width, height);
    lanes.forEach((lane, n) => this._drawLane(lane, HEAD + n * LANE, width, x, now, seen));
    this._tell(seen);
  }

  _drawArmed(x, now, height) {
    if (!this._house.state.config?.arming) return;
    this._context.globalAlpha = 0.14;
    this._context.fillStyle = this._ink.armed;
    this._armed.forEach(({ armed, from }, n) => {
      const to = this._armed[n + 1]?.from ?? now;
      const left = Math.max(x(from), NAMES);
      if (armed && x(to) > left) this._context.fillRect(left, 0, x(to) - left, height - FOOT);
    });
    this._context.globalAlpha = 1;
  }

  _drawGrid(x, now, width, height) {
    const context = this._context;
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = this._ink.soft;
    context.strokeStyle = this._ink.line;
    context.lineWidth = 1;
    for (let ago = 0; ago <= SPAN_MS; ago += TICK_MS) {
      const at = Math.round(x(now - ago)) + 0.5;
      context.beginPath();
      context.moveTo(at, 0);
      context.lineTo(at, height - FOOT + 4);
      context.stroke();
      context.textAlign = ago === 0 ? "right" : "center";
      if (ago % (width < 480 ? 2 * TICK_MS : TICK_MS) === 0) context.fillText(ago ? `−${ago / 1000} s` : "now", ago ? at : width, height - 6);
    }
  }

  _drawLane(lane, top, width, x, now, seen) {
    const context = this._context;
    context.fillStyle = this._ink.well;
    context.fillRect(0, top + 32, width, 1);
    context.textAlign = "left";
    context.font = "600 12px system-ui, sans-serif";
    context.fillStyle = this._ink[lane.hand];
    context.fillText(lane.name, 0, top + 26);
    let free = NAMES - 4;
    for (const one of seen) {
      if (one.person !== lane.person || one.hand !== lane.hand) continue;
      this._drawOne(one, top + 32, x, now);
      free = this._label(one, x, top, free, width);
    }
  }

  /** Thin from the start, thick once it was held; the fainter, the less sure. */
  _drawOne(one, middle, x, now) {
    const context = this._context;
    context.fillStyle = this._ink[one.hand];
    context.globalAlpha = 0.25 + 0.75 * one.confidence;
    const [from, to] = [Math.max(x(one.from), NAMES), x(one.to ?? now)];
    context.beginPath();
    if (one.once) {
      context.moveTo(to, middle - 9);
      for (const [across, down] of [[9, 0], [0, 9], [-9, 0]]) context.lineTo(to + across, middle + down);
    } else {
      context.roundRect(from, middle - 4, Math.max(3, to - from), 8, 4);
      const held = one.held === null ? to : Math.max(x(one.held), NAMES);
      if (one.held !== null) context.roundRect(held, middle - 9, Math.max(3, to - held), 18, 4);
    }
    context.fill();
    context.globalAlpha = 1;
  }

  /** The name above, where the one before leaves room; returns where the next may begin. */
  _label(one, x, top, free, width) {
    const context = this._context;
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = this._ink.ink;
    const text = words(one.name);
    const long = context.measureText(text).width;
    const left = Math.min(Math.max(x(one.from) - (one.once ? 9 : 0), NAMES), width - long - 4);
    if (left < free) return free;
    context.fillText(text, left, top + 14);
    return left + long + 8;
  }

  /** The same in words, when it has changed. */
  _tell(seen) {
    const told = seen.map((one) => `${words(one.name)}, ${partName(one.hand).toLowerCase()}${one.once ? "" : one.to === null ? ", now" : `, ${lasting((one.to - one.from) / 1000)}`}`).join("; ");
    if (told === this._told && this._canvas.hasAttribute("aria-label")) return;
    this._told = told;
    this._canvas.setAttribute("aria-label", `Gestures of the last minute: ${told || "none"}`);
  }
}
