/* The part of the picture in which gestures count, drawn over the live skeleton with a finger, a mouse or the arrow keys. */

import { below, beside, element, percent, plain, say } from "../dom.js";
import { told } from "./changes.js";
import { newId, outcome } from "./field.js";
import { liveUnder } from "./live.js";
import { dragged, grip, isWhole, moved, resized, spanned, WHOLE } from "./rectangle.js";

const STEP = 0.02; /* of the picture: how far an arrow key goes */
const REST_MS = 600; /* after the last arrow key the zone is sent */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const CURSORS = { n: "ns-resize", s: "ns-resize", e: "ew-resize", w: "ew-resize", ne: "nesw-resize", sw: "nesw-resize", nw: "nwse-resize", se: "nwse-resize", move: "move", "": "crosshair" };

/** Return a zone in words: how large, and where one sees it. */
function zoneWords(zone, sign) {
  if (isWhole(zone)) return "The whole picture counts";
  const [left, top, width, height] = zone;
  const across = ["left", "middle", "right"][third(sign < 0 ? 1 - left - width / 2 : left + width / 2)];
  const down = ["at the top", "half-way up", "at the bottom"][third(top + height / 2)];
  return `${percent(width)} of the width and ${percent(height)} of the height: ${across}, ${down}`;
}

const third = (share) => Math.min(2, Math.floor(share * 3));

/**
 * Return the editor: `box`, `show(zone)` for what the unit says, `end()`.
 * @param {House} house whose skeleton is drawn
 * @param {(zone: number[]) => Promise} send takes a zone that was let go
 */
export function zoneEditor(house, send) {
  let kept = WHOLE;
  let zone = WHOLE;
  let held = null; /* what the finger holds: {what, from: [x, y], zone} */
  let editing = false;
  let rest = 0;
  const skeleton = liveUnder(house, (context, width, height) => paint(context, width, height, zone, editing));
  const canvas = skeleton.canvas;
  const how = element("p", { className: "small soft", id: newId("zone-how") });
  const figures = element("p", { className: "number", "aria-live": "polite", id: newId("zone") });
  const word = outcome(canvas);
  const edit = element("button", { onclick: () => mode(!editing) });
  const whole = plain("Whole picture", () => commit(WHOLE));
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", "Zone in which gestures count");
  canvas.setAttribute("aria-describedby", `${figures.id} ${how.id}`);

  const put = (next) => {
    zone = next;
    say(figures, zoneWords(zone, skeleton.sign));
    whole.disabled = isWhole(zone);
    skeleton.draw();
  };
  const mode = (on) => {
    editing = on;
    canvas.tabIndex = on ? 0 : -1;
    canvas.classList.toggle("editing", on);
    say(edit, on ? "Done" : "Draw a zone");
    say(how, on
      ? "Draw a rectangle, or take it at an edge or in the middle. Arrow keys move it; with Shift they change its size."
      : "Only hands inside the zone start a gesture; for gestures of the body its middle counts.");
    if (on) canvas.focus({ preventScroll: true });
    skeleton.draw();
  };
  const commit = (next) => {
    clearTimeout(rest);
    rest = 0;
    put(next);
    if (JSON.stringify(next) !== JSON.stringify(kept)) told(word, send(next), () => put(kept));
  };
  const follow = ([x, y]) => {
    const [x0, y0] = held.from;
    put(held.what ? dragged(held.zone, held.what, x - x0, y - y0) : spanned(x0, y0, x, y) ?? held.zone);
  };

  canvas.onpointerdown = (event) => {
    if (!editing || event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    const from = skeleton.place(event);
    held = { what: isWhole(zone) ? "" : grip(zone, ...from), from, zone };
    event.preventDefault();
    canvas.focus({ preventScroll: true });
  };
  canvas.onpointermove = (event) => {
    if (held) follow(skeleton.place(event));
    else if (editing) canvas.style.cursor = CURSORS[isWhole(zone) ? "" : skeleton.seen(grip(zone, ...skeleton.place(event)))];
  };
  canvas.onpointerup = () => {
    if (!held) return;
    held = null;
    commit(zone);
  };
  canvas.onpointercancel = () => {
    held = null;
    put(kept);
  };
  canvas.onkeydown = (event) => {
    if (!editing) return;
    if (event.key === "Escape") {
      clearTimeout(rest);
      put(kept);
      mode(false);
      edit.focus();
    }
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const [dx, dy] = [way[0] * skeleton.sign, way[1]];
    const from = isWhole(zone) ? [0.25, 0.2, 0.5, 0.6] : zone;
    put(event.shiftKey ? resized(from, way[0], way[1]) : moved(from, dx, dy));
    clearTimeout(rest);
    rest = setTimeout(() => commit(zone), REST_MS);
  };
  mode(false);
  put(WHOLE);
  return {
    box: element("div", { className: "zone stack" }, skeleton.box,
      below(figures, how, beside(edit, whole), word.place)),
    show(value, { pending = false } = {}) {
      kept = value ?? WHOLE;
      edit.disabled = !value;
      if (!held && !rest && !pending) put(kept);
    },
    end() {
      if (rest) commit(zone);
      skeleton.end();
    },
  };
}

/** Darken what lies outside the zone, and draw its border and handles. */
function paint(context, width, height, [left, top, wide, high], editing) {
  const [x, y, w, h] = [left * width, top * height, wide * width, high * height];
  context.save();
  context.fillStyle = "rgb(0 0 0 / 55%)";
  context.beginPath();
  context.rect(0, 0, width, height);
  context.rect(x, y, w, h);
  context.fill("evenodd");
  const unit = Math.max(width, height) / 320;
  context.strokeStyle = "#6fd3c4";
  context.lineWidth = 2 * unit;
  context.setLineDash(editing ? [] : [6 * unit, 4 * unit]);
  context.strokeRect(x + unit, y + unit, w - 2 * unit, h - 2 * unit);
  if (editing) {
    context.fillStyle = "#6fd3c4";
    for (const across of [0, 0.5, 1]) {
      for (const down of [0, 0.5, 1]) {
        if (across === 0.5 && down === 0.5) continue;
        context.beginPath();
        context.arc(x + unit + across * (w - 2 * unit), y + unit + down * (h - 2 * unit), 4 * unit, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }
  context.restore();
}
