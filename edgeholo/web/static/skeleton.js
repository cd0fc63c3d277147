/* Draws one person on a canvas, as edgeholo/draw.py draws them on a picture. */

import * as bones from "./bones.js";

/** Visibility below which a point of the pose is rather hidden than seen: the model's own guess is even. */
const VISIBLE = 0.5;
/** Width of a bone, as a share of the picture's shorter side. */
const WIDTH = 1 / 140;
const WRIST = { left: 15, right: 16 };
const FACE_POINTS = 468;

/** Draw a person of landmarks.decode; `place` is where the picture lies on the canvas: {x, y, width, height, mirrored}, pixels. */
export function drawPerson(context, person, place) {
  const width = Math.max(1.5, Math.min(place.width, place.height) * WIDTH);
  if (person.face) drawFace(context, inPlace(person.face, place), width / 3);
  if (person.pose) drawPose(context, person, place, width);
  for (const side of ["left", "right"]) {
    const hand = person[`${side}_hand`] && inPlace(person[`${side}_hand`], place);
    if (hand) drawPart(context, hand, bones.HAND, bones.COLOURS[side], Math.max(1, Math.min(width, extent(hand) / 28)));
  }
}

/** Return points as pairs of pixels, null for what is not to be drawn. */
export function inPlace(points, place) {
  const pairs = [];
  for (let n = 0; n < points.length; n += 4) {
    const x = place.mirrored ? 1 - points[n] : points[n];
    pairs.push(points[n + 3] < VISIBLE ? null : [place.x + x * place.width, place.y + points[n + 1] * place.height]);
  }
  return pairs;
}

function drawPose(context, person, place, width) {
  const points = inPlace(person.pose, place);
  drawPart(context, points, person.face ? bones.TORSO : [...bones.TORSO, ...bones.HEAD], bones.COLOURS.body, width);
  for (const side of ["left", "right"]) {
    const limbs = side === "left" ? bones.LEFT_LIMBS : bones.RIGHT_LIMBS;
    const palm = side === "left" ? bones.LEFT_PALM : bones.RIGHT_PALM;
    const hand = person[`${side}_hand`];
    if (hand) points[WRIST[side]] = inPlace(hand, place)[0]; // the arm ends where the hand begins
    drawPart(context, points, hand ? limbs : [...limbs, ...palm], bones.COLOURS[side], width);
  }
}

/** Bones and joints, first wider in a dark colour, so that crossing limbs are told apart. */
function drawPart(context, points, chains, colour, width) {
  const lines = new Path2D();
  const joints = new Path2D();
  const seen = new Set();
  for (const chain of chains) {
    for (let n = 1; n < chain.length; n++) {
      const [from, to] = [points[chain[n - 1]], points[chain[n]]];
      if (!from || !to) continue;
      lines.moveTo(...from);
      lines.lineTo(...to);
      for (const joint of [chain[n - 1], chain[n]]) seen.add(joint);
    }
  }
  for (const joint of seen) {
    joints.moveTo(points[joint][0] + width, points[joint][1]);
    joints.arc(...points[joint], width, 0, 2 * Math.PI);
  }
  context.lineCap = "round";
  for (const [stroke, rim] of [[bones.COLOURS.rim, Math.max(0.5, width * 0.3)], [colour, 0]]) {
    context.strokeStyle = context.fillStyle = stroke;
    context.lineWidth = width + 2 * rim;
    context.stroke(lines);
    context.fill(joints);
  }
}

/** The mesh's points and the contours, fine and without a rim. */
function drawFace(context, points, width) {
  const fine = Math.max(0.75, width);
  context.strokeStyle = context.fillStyle = bones.COLOURS.face;
  context.lineWidth = fine;
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha / 2;
  for (const [x, y] of points.slice(0, FACE_POINTS)) context.fillRect(x - fine / 2, y - fine / 2, fine, fine);
  context.globalAlpha = alpha;
  const contours = new Path2D();
  for (const chain of [...bones.FACE, ...(points.length > FACE_POINTS ? bones.IRISES : [])]) {
    chain.forEach((point, n) => (n ? contours.lineTo(...points[point]) : contours.moveTo(...points[point])));
  }
  context.stroke(contours);
}

function extent(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}
