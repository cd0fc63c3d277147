// A part of the picture as [left, top, width, height], fractions: how it is drawn, moved and resized. No pixels here.

export const WHOLE = [0, 0, 1, 1];
const LEAST = 0.1; // of the picture: a smaller zone is a slip of the finger, and no hand fits into it
const REACH = 0.06; // of the picture: how near to an edge a finger takes hold of it

const between = (value, low, high) => Math.min(Math.max(value, low), high);
const rounded = (value) => Math.round(value * 1000) / 1000;

export const isWhole = (zone) => zone.every((value, index) => Math.abs(value - WHOLE[index]) < 0.001);

/** Return what a finger at x, y takes hold of: edges ("n", "se", ...), "move", or "" for nothing. */
export function grip([left, top, width, height], x, y) {
  if (x < left - REACH || x > left + width + REACH || y < top - REACH || y > top + height + REACH) return "";
  const across = Math.abs(x - left) < REACH ? "w" : Math.abs(x - left - width) < REACH ? "e" : "";
  const down = Math.abs(y - top) < REACH ? "n" : Math.abs(y - top - height) < REACH ? "s" : "";
  return down + across || "move";
}

/** Return the zone after what was held was drawn by dx, dy. */
export function dragged([left, top, width, height], held, dx, dy) {
  if (held === "move") return moved([left, top, width, height], dx, dy);
  let [right, bottom] = [left + width, top + height];
  if (held.includes("w")) left = between(left + dx, 0, right - LEAST);
  if (held.includes("e")) right = between(right + dx, left + LEAST, 1);
  if (held.includes("n")) top = between(top + dy, 0, bottom - LEAST);
  if (held.includes("s")) bottom = between(bottom + dy, top + LEAST, 1);
  return [left, top, right - left, bottom - top].map(rounded);
}

export function moved([left, top, width, height], dx, dy) {
  return [between(left + dx, 0, 1 - width), between(top + dy, 0, 1 - height), width, height].map(rounded);
}

/** Return the zone with its right and lower edge drawn by dx, dy. */
export const resized = (zone, dx, dy) => dragged(zone, "se", dx, dy);

/** Return the zone between two points, or null where that is too small to be meant. */
export function spanned(x0, y0, x1, y1) {
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)].map((x) => between(x, 0, 1));
  const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)].map((y) => between(y, 0, 1));
  if (right - left < LEAST || bottom - top < LEAST) return null;
  return [left, top, right - left, bottom - top].map(rounded);
}
