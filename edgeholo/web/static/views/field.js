/* A control with its label, a word on how it went, and what is wrong beside it. */

import { element, notice, plain, say } from "../dom.js";

let made = 0;

/** Return an id that nothing else on the page has. */
export const newId = (stem) => `${stem}-${++made}`;

/**
 * Return a field: `box` to be shown, and `kept(text)`, `wrong(text)`, `quiet()` to say how it went.
 * @param {string} label of the control
 * @param {HTMLElement} control an input, a select, a textarea
 * @param {{hint?: string|Node, beside?: Node, className?: string}} more a sentence under it, whose place a message takes; what stands at the
 *   label's right; a class
 */
export function field(label, control, { hint, beside, className = "" } = {}) {
  control.id ||= newId("field");
  const word = outcome(control);
  const help = hint && element("p", { className: "small soft", id: `${control.id}-hint` }, hint);
  if (help) control.setAttribute("aria-describedby", `${help.id} ${word.place.id}`);
  const head = element("div", { className: "field-head" }, element("label", { htmlFor: control.id }, label), beside ?? null);
  const box = element("div", { className: `field ${className}` }, head, control, element("div", { className: "field-foot" }, help, word.place));
  return { box, control, ...word };
}

/** Return a box for a word that no keyboard knows better. */
export const textBox = (more) => element("input", { type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: false, ...more });

/** Return a switch with its label at its right, with the same words as a field. */
export function toggle(label, { hint, checked = false, onchange } = {}) {
  const control = element("input", { type: "checkbox", checked, id: newId("switch"), className: "switch", onchange });
  control.setAttribute("role", "switch");
  const word = outcome(control);
  const text = element("span", {}, element("span", { className: "switch-name" }, label),
    hint ? element("small", { className: "soft", id: `${control.id}-hint` }, hint) : null);
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint ${word.place.id}`);
  const box = element("div", { className: "toggle" }, element("label", { htmlFor: control.id }, control, text), word.place);
  return { box, control, ...word };
}

/** Return the place of the words beside a control, which screen readers hear, and what fills it. */
export function outcome(control) {
  const place = element("p", { className: "outcome small", role: "status", id: `${control.id || newId("control")}-outcome` });
  control.setAttribute("aria-describedby", place.id);
  const tell = (tone, text) => {
    place.dataset.tone = tone;
    say(place, text);
    if (tone === "bad") control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  return {
    place,
    quiet: () => tell("", ""),
    busy: (text) => tell("", text),
    kept: (text) => tell("good", text),
    wrong: (text) => tell("bad", text),
  };
}

/** Return a select of [value, text] pairs; a pair's third element is the group it stands in. */
export function choice(pairs, value, more = {}) {
  const select = element("select", more);
  options(select, pairs, value);
  return select;
}

/** Fill a select anew, and leave chosen what was, where that is still there. */
export function options(select, pairs, value = select.value) {
  const groups = new Map([["", []]]);
  for (const [each, text, group = ""] of pairs) {
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(element("option", { value: each, selected: each === value }, text));
  }
  select.replaceChildren(...[...groups].flatMap(([label, each]) => (label ? element("optgroup", { label }, ...each) : each)));
}

/** A box with a headline and a sentence. */
export const boxed = (tone, headline, text, ...more) => notice(tone, element("div", {}, element("strong", {}, headline), element("p", {}, text)), ...more);

/** A box that says what could not be had, and tries it again. */
export function failed(headline, error, again) {
  return boxed("bad", headline, error.message, plain("Try again", again));
}
