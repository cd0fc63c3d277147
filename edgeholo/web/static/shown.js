/* The gestures that somebody shows now, from the events that tell of them. */

/** A movement is over when it is told, and a short gesture soon after: words stand at least this long. */
const READABLE_MS = 2500;

export class Shown {
  /** `change` is called when something began or ended. */
  constructor(house, change) {
    this._change = change;
    this._shown = new Map();
    this._timers = new Set();
    this._offs = [
      house.on("gesture", (gesture) => this._hear(gesture)),
      house.on("snapshot", () => this._clear()),
      house.on("availability", () => this._clear()),
    ];
  }

  /** The gestures, the newest first: as in the event, with `since` (performance.now()) and `over`. */
  get all() {
    return [...this._shown.values()].sort((one, other) => other.since - one.since);
  }

  /** End. */
  close() {
    for (const off of this._offs) off();
    for (const timer of this._timers) clearTimeout(timer);
  }

  _hear(gesture) {
    const key = [gesture.person, gesture.hand, gesture.event_type].join();
    const before = this._shown.get(key);
    const over = gesture.phase === "end" || gesture.phase === "once";
    if (gesture.phase === "end" && !before) return;
    const began = gesture.phase === "start" || gesture.phase === "once" || !before;
    const since = began ? performance.now() - 1000 * gesture.duration_s : before.since;
    const readableAt = began ? performance.now() + READABLE_MS : before.readableAt;
    const known = { ...gesture, since, readableAt, over, held: before?.held || gesture.phase === "hold" || gesture.phase === "repeat" };
    this._shown.set(key, known);
    if (over) this._later(key, known, Math.max(0, readableAt - performance.now()));
    this._change(gesture);
  }

  _later(key, known, ms) {
    const timer = setTimeout(() => {
      this._timers.delete(timer);
      if (this._shown.get(key) !== known) return; // begun anew meanwhile
      this._shown.delete(key);
      this._change(null);
    }, ms);
    this._timers.add(timer);
  }

  _clear() {
    this._shown.clear();
    this._change(null);
  }
}
