/* Small helpers around the document: elements without HTML strings, and words for names and times. */

/** Make an element. Properties are set as such (className, onclick, value, ...), "aria-..." and "data-..." as attributes; a button sends no form unless it says so. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  if (tag === "button") made.type = "button";
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in made) made[name] = value;
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  fill(made, ...children);
  return made;
}

/** Replace what is in an element; null, undefined and false are left out. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return parent;
}

/** Set an element's text, but only when it differs: a screen reader would say it again. */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Things beside each other, as far as there is room. */
export const beside = (...children) => element("div", { className: "row" }, ...children);

/** Things below each other. */
export const below = (...children) => element("div", { className: "stack" }, ...children);

/** A paragraph that is read second. */
export const soft = (...children) => element("p", { className: "soft" }, ...children);

export const small = (...children) => element("p", { className: "soft small" }, ...children);

/** A button that does something and is not the one that most people came for; `more` are further properties. */
export function plain(word, act, more = {}) {
  return element("button", { className: "plain", onclick: act, ...more }, word);
}

/** A part of a view under a heading of its own. */
export function card(heading, ...children) {
  return element("section", { className: "card stack" }, element("h2", {}, heading), ...children);
}

const SVG = "http://www.w3.org/2000/svg";

/** One of the signs in icons.svg; only decoration, the words stand beside it. */
export function icon(name) {
  const sign = document.createElementNS(SVG, "svg");
  sign.setAttribute("class", "icon");
  sign.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `static/icons.svg#${name}`);
  sign.append(use);
  return sign;
}

/** A box with one message. Tones: "info", "warn", "bad", "good". */
export function notice(tone, ...children) {
  return element("div", { className: `notice ${tone}` }, ...children);
}

/** "thumb_up" in words: "Thumb up". */
export function words(name) {
  const text = String(name).replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A piece of text as a sentence: a capital, unless it begins with an address, and a full stop. */
export function sentence(text) {
  const whole = (text ?? "").trim().replace(/^[a-z]+(?=[\s,:;]|$)/, words);
  return !whole || /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** "left_hand" and "left" are both the left hand; null is the body. */
export function partName(part) {
  return { left: "Left hand", left_hand: "Left hand", right: "Right hand", right_hand: "Right hand", face: "Face" }[part] ?? "Body";
}

/** A share of one as a percentage. */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** The time of day of an RFC 3339 time, with seconds. */
export function clock(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString("en-GB");
}

/** A length of time in words: "0.4 s", "12 s", "3 min", "2 h 5 min", "4 days". */
export function lasting(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1440)} days`;
}

/** What was remembered in this browser; a browser that remembers nothing is no error. */
export function remembered(name, otherwise) {
  try {
    return localStorage.getItem(`edgeholo.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Remember something in this browser. */
export function remember(name, value) {
  try {
    localStorage.setItem(`edgeholo.${name}`, value);
  } catch {
    /* a private window */
  }
}
