/* The canvas on which everyone tracked is seen: drawn only when something new came, and faded out when nobody is there. */

import { partName, words } from "./dom.js";
import { drawPerson, inPlace } from "./skeleton.js";

/** Skeletons that are older than this are not there any more: the engine looks at least twice a second while somebody is. */
const STALE_MS = 1500;
const FADE_MS = 500;
/** A screen reader's picture is changed at most so often. */
const WORDS_MS = 1000;
const LABELLED = ["onset", "active"];

export class Stage {
  constructor(canvas, house) {
    this._canvas = canvas;
    this._house = house;
    this._context = canvas.getContext("2d");
    this._mirrored = true;
    this._calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this._frame = null;
    this._goneAt = null; // since when nobody is seen
    this._asked = 0;
    this._stale = 0;
    this._wordsAt = 0;
    this._resized = new ResizeObserver(() => this._measure());
    this._resized.observe(canvas);
    this._offs = [
      house.on("landmarks", (frame) => frame && this._take(frame)),
      house.on("insight", () => this._ask()),
      house.on("config", () => this._ask()),
      house.on("snapshot", () => this._ask()),
      house.on("link", (link) => link === "token" && this._forget()),
    ];
    if (house.latest.frame && performance.now() - house.latest.frameAt < STALE_MS) this._take(house.latest.frame);
  }

  /** Whether it is seen as in a mirror. */
  set mirrored(mirrored) {
    this._mirrored = mirrored;
    this._ask();
  }

  /** End: nothing is drawn any more. */
  close() {
    for (const off of this._offs) off();
    this._resized.disconnect();
    cancelAnimationFrame(this._asked);
    clearTimeout(this._stale);
  }

  _take(frame) {
    clearTimeout(this._stale);
    if (frame.people.length) {
      if (frame.width !== this._frame?.width || frame.height !== this._frame?.height) {
        this._canvas.parentElement.style.setProperty("--shape", `${frame.width} / ${frame.height}`);
      }
      this._frame = frame;
      this._goneAt = null;
      this._stale = setTimeout(() => this._leave(), STALE_MS);
    } else {
      this._leave();
    }
    this._ask();
  }

  _leave() {
    this._goneAt ??= performance.now();
    this._ask();
  }

  _forget() {
    this._frame = null;
    this._ask();
  }

  _measure() {
    const ratio = devicePixelRatio || 1;
    const { width, height } = this._canvas.getBoundingClientRect();
    this._canvas.width = Math.round(width * ratio);
    this._canvas.height = Math.round(height * ratio);
    this._ratio = ratio;
    this._draw();
  }

  _ask() {
    this._asked ||= requestAnimationFrame(() => this._draw());
  }

  _draw() {
    cancelAnimationFrame(this._asked);
    this._asked = 0;
    const { width, height } = this._canvas;
    this._context.clearRect(0, 0, width, height);
    const place = this._place(width, height);
    this._drawZone(place);
    const alpha = this._alpha();
    if (alpha === 0) this._frame = null;
    if (this._frame) this._drawPeople(place, alpha);
    if (this._frame && alpha < 1) this._ask();
    this._tell();
  }

  /** How much of the last skeletons is left. */
  _alpha() {
    if (this._goneAt === null) return 1;
    return this._calm ? 0 : Math.max(0, 1 - (performance.now() - this._goneAt) / FADE_MS);
  }

  /** Where the picture lies on the canvas: whole, and in the middle. */
  _place(width, height) {
    const shape = this._frame ? this._frame.width / this._frame.height : 4 / 3;
    const across = Math.min(width, height * shape);
    return { x: (width - across) / 2, y: (height - across / shape) / 2, width: across, height: across / shape, mirrored: this._mirrored };
  }

  _drawPeople(place, alpha) {
    const several = this._frame.people.length > 1;
    this._context.globalAlpha = alpha;
    for (const person of this._frame.people) {
      drawPerson(this._context, person, place);
      this._label(person, place, several);
    }
    this._context.globalAlpha = 1;
    this._canvas.dataset.seq = this._frame.seq;
  }

  /** The gesture under the hand that shows it; whose it is where there are several people. */
  _label(person, place, several) {
    const parts = this._house.latest.insight?.persons.find((known) => known.person === person.id)?.parts ?? {};
    for (const part of ["left_hand", "right_hand"]) {
      if (!person[part] || !LABELLED.includes(parts[part]?.state)) continue;
      const points = inPlace(person[part], place);
      const below = points.reduce((lowest, point) => (point[1] > lowest[1] ? point : lowest));
      this._write(words(parts[part].shape), below[0], below[1] + 16 * this._ratio);
    }
    const nose = several && person.pose && inPlace(person.pose, place)[0];
    if (nose) this._write(`Person ${person.id}`, nose[0], nose[1] - place.height * 0.12);
  }

  _write(text, x, y) {
    const context = this._context;
    context.font = `600 ${14 * this._ratio}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const half = context.measureText(text).width / 2 + 4 * this._ratio;
    const [across, down] = [clamp(x, half, this._canvas.width - half), clamp(y, 12 * this._ratio, this._canvas.height - 12 * this._ratio)];
    context.lineWidth = 4 * this._ratio;
    context.lineJoin = "round";
    context.strokeStyle = "#0c1014";
    context.strokeText(text, across, down);
    context.fillStyle = "#ffffff";
    context.fillText(text, across, down);
  }

  /** Where gestures count, if that is not everywhere. */
  _drawZone(place) {
    const zone = this._house.state.config?.zone;
    if (!Array.isArray(zone) || zone.length !== 4 || zone.join() === "0,0,1,1") return;
    const [left, top, width, height] = zone;
    const x = place.x + (this._mirrored ? 1 - left - width : left) * place.width;
    const context = this._context;
    context.save();
    context.setLineDash([6 * this._ratio, 6 * this._ratio]);
    context.lineWidth = 1.5 * this._ratio;
    context.strokeStyle = "#9ba5af";
    context.strokeRect(x, place.y + top * place.height, width * place.width, height * place.height);
    context.restore();
  }

  /** The picture in words. */
  _tell() {
    const now = performance.now();
    if (now - this._wordsAt < WORDS_MS) return;
    this._wordsAt = now;
    const told = this._frame && this._goneAt === null ? this._frame.people.map(inWords).join("; ") : "nobody";
    const label = `Skeletons seen by the unit: ${told}`;
    if (this._canvas.getAttribute("aria-label") !== label) this._canvas.setAttribute("aria-label", label);
  }
}

function inWords(person, _, all) {
  const parts = ["pose", "left_hand", "right_hand", "face"].filter((part) => person[part]).map((part) => partName(part).toLowerCase());
  return `${all.length > 1 ? `person ${person.id}` : "one person"} with ${parts.join(", ") || "nothing clear"}`;
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
