/* The compact landmark message (docs/topics.md, "landmarks"): MessagePack around packed points, big-endian. */

const VERSION = 1;
const PARTS = ["pose", "left_hand", "right_hand", "face"];

/** Decode one MessagePack value of the types that occur. */
function reader(view) {
  let at = 0;
  const value = () => {
    const head = view.getUint8(at++);
    if (head < 0x80) return head;
    if (head === 0xc0) return null;
    if (head === 0xcb) return view.getFloat64((at += 8) - 8);
    if (head >> 4 === 9) return Array.from({ length: head & 15 }, value);
    let count = 0;
    for (let left = 1 << (head & 3); left > 0; left--) count = count * 256 + view.getUint8(at++);
    if (head > 0xc6) return count; // an integer of one to eight bytes
    at += count;
    return new DataView(view.buffer, view.byteOffset + at - count, count); // binary of 8, 16 or 32 bits of length
  };
  return value;
}

/** Return the points of a part as a flat Float32Array: x, y, z, visibility (1 where the part tells none) of each. */
function points(part, tellsVisibility) {
  const step = part.getFloat32(0);
  const size = tellsVisibility ? 6 : 5;
  const count = (part.byteLength - 4) / size;
  const flat = new Float32Array(4 * count);
  for (let n = 0; n < count; n++) {
    const from = 4 + n * size;
    flat[4 * n] = part.getUint16(from) / 8192 - 3.5;
    flat[4 * n + 1] = part.getUint16(from + 2) / 8192 - 3.5;
    flat[4 * n + 2] = part.getInt8(from + 4) * step;
    flat[4 * n + 3] = tellsVisibility ? part.getUint8(from + 5) / 255 : 1;
  }
  return flat;
}

/**
 * Decode a payload, a Uint8Array: {time, seq, width, height, ran, people}, null for a layout that this page does not know.
 * A person is {id, pose, left_hand, right_hand, face}, each a flat Float32Array (x, y, z, visibility of each point) or null;
 * x and y are fractions of the picture; `ran` says which parts were looked for.
 */
export function decode(bytes) {
  const [version, time, seq, width, height, ran, people] = reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))();
  if (version !== VERSION) return null;
  return {
    time, seq, width, height,
    ran: Object.fromEntries(PARTS.map((part, bit) => [part, (ran & (1 << bit)) !== 0])),
    people: people.map(([id, ...packed]) => ({
      id, ...Object.fromEntries(PARTS.map((part, n) => [part, packed[n] && points(packed[n], part === "pose")])),
    })),
  };
}

/** The bytes of a base64 text. */
export function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let n = 0; n < letters.length; n++) bytes[n] = letters.charCodeAt(n);
  return bytes;
}
