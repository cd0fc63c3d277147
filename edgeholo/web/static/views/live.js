/* The skeleton of now in a frame of the picture's shape, with room for a drawing over it. */

import { element } from "../dom.js";
import { Stage } from "../stage.js";

/** It is seen as in a mirror, as in the view Now: who points at a place finds it where the finger is. */
const MIRRORED = true;

/** Return `box` to be shown, and `end()`. */
export function live(house, ...over) {
  const canvas = element("canvas", { role: "img", "aria-label": "Skeletons seen by the unit" });
  const box = element("div", { className: "live" }, canvas, ...over);
  const stage = new Stage(canvas, house);
  stage.mirrored = MIRRORED;
  return { box, end: () => stage.close() };
}

/**
 * Return the live skeleton with a canvas over it, which is painted in the picture's own directions.
 * @param {House} house whose skeleton is drawn
 * @param {(context, width, height) => void} paint draws on the canvas over it
 */
export function liveUnder(house, paint) {
  const canvas = element("canvas", { className: "over" });
  const { box, end } = live(house, canvas);
  const context = canvas.getContext("2d");
  const draw = () => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (MIRRORED) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
    paint(context, canvas.width, canvas.height);
  };
  const resized = new ResizeObserver(() => {
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    draw();
  });
  resized.observe(canvas);
  return {
    box,
    canvas,
    draw,
    /** Where a pointer event lies in the picture, fractions. */
    place(event) {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
      return [MIRRORED ? 1 - x : x, y];
    },
    /** An edge of the picture, as it is seen. */
    seen: (edge) => (MIRRORED ? edge.replace(/[ew]/, (side) => (side === "e" ? "w" : "e")) : edge),
    /** 1, or -1 where the picture's right is seen at the left. */
    sign: MIRRORED ? -1 : 1,
    end() {
      resized.disconnect();
      end();
    },
  };
}
