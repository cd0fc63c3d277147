/* One action of a rule: a device that was seen on the broker, or one that is named, and what it is to do. */

import { beside, element, fill, words } from "../dom.js";
import { choice, field, textBox } from "./field.js";
import { optionField } from "./rule-field.js";

const KINDS = { zigbee2mqtt: "Zigbee2MQTT", tasmota: "Tasmota", shelly: "Shelly", wled: "WLED", esphome: "ESPHome", homie: "Homie", mqtt: "MQTT message", homeassistant: "Home Assistant action", webhook: "Web request" };
/** What comes first where an action has many options. */
const PLAIN = ["state", "cover", "brightness", "color", "position", "preset", "value", "payload", "entity", "data", "method"];
/** What every device takes, or nobody has told of. */
const ALWAYS = ["set", "every_s", "payload", "qos", "retain"];

/**
 * Return an action: `box`, `read()`, `write(action)`, `follow(on)`, `remove` (the button that takes it out).
 * @param {{kinds: Array}} grammar of rules
 * @param {Array} devices that were seen on the broker
 * @param {() => void} changed is called when the action becomes another kind
 */
export function actionForm(grammar, devices, changed) {
  const kinds = grammar.kinds.filter((each) => each.allowed);
  const device = field("Device", choice(deviceChoices(kinds, devices), ""));
  const address = field("Name", textBox(), { hint: " " });
  const first = element("div", { className: "fields" });
  const rest = element("div", { className: "fields" });
  const more = element("details", { className: "conditions" }, element("summary", {}, "More"), rest);
  const remove = element("button", { className: "plain", "aria-label": "Take this action out" }, "Take out");
  let kind = null;
  let seen = null; /* the device that was chosen, null for one that is named */
  let fields = [];
  let following = false;
  let other = {}; /* what the form does not show stays as it is */

  const become = () => {
    const [name, number] = device.control.value.split("|");
    kind = kinds.find((each) => each.kind === name);
    seen = number === "" ? null : devices[Number(number)];
    address.box.hidden = seen !== null;
    address.box.querySelector("label").textContent = name === "webhook" ? "Address" : name === "mqtt" ? "Topic" : name === "homeassistant" ? "Action" : "Name";
    address.box.querySelector(".soft").textContent = kind.address.charAt(0).toUpperCase() + kind.address.slice(1);
    const offered = kind.fields.filter((each) => !(each.name in (seen?.options ?? {})) && can(kind, seen, each.name));
    fields = offered.map((each) => optionField(each));
    const plain = fields.filter((each) => PLAIN.includes(each.name)).sort((a, b) => PLAIN.indexOf(a.name) - PLAIN.indexOf(b.name));
    fill(first, ...plain.map((each) => each.box));
    fill(rest, ...fields.filter((each) => !plain.includes(each)).map((each) => each.box));
    more.hidden = rest.childElementCount === 0;
    fields.forEach((each) => each.follow(following));
  };
  /** What a new action does unless it is told otherwise: it toggles, or follows the hand. */
  const begin = () => {
    const follows = following && fields.find((each) => each.follow(true, true));
    fields.find((each) => each.name === "state")?.write(follows ? undefined : "toggle");
  };
  device.control.onchange = () => {
    other = {};
    become();
    begin();
    changed();
  };
  become();
  begin();
  return {
    box: element("fieldset", { className: "action stack" }, element("legend", { className: "unseen" }, "Action"),
      element("div", { className: "fields" }, device.box, address.box), first, more, remove),
    remove,
    read() {
      const action = { [kind.kind]: seen ? seen.address : address.control.value.trim(), ...other, ...(seen?.options ?? {}) };
      for (const each of fields) {
        const value = each.read();
        if (value !== undefined) action[each.name] = value;
      }
      return action;
    },
    write(action, follows) {
      following = follows;
      const name = kinds.find((each) => each.kind in action).kind;
      const number = devices.findIndex((each) => each.kind === name && each.address === action[name]
        && Object.entries(each.options ?? {}).every(([key, value]) => action[key] === value));
      device.control.value = `${name}|${number < 0 ? "" : number}`;
      become();
      if (!seen) address.control.value = action[name];
      fields.forEach((each) => each.write(action[each.name]));
      const shown = [name, ...fields.map((each) => each.name), ...Object.keys(seen?.options ?? {})];
      other = Object.fromEntries(Object.entries(action).filter(([key]) => !shown.includes(key)));
      more.open = fields.some((each) => !PLAIN.includes(each.name) && action[each.name] !== undefined);
    },
    /** Say what is wrong at the option that it names, else at the device. */
    wrong(text) {
      const option = fields.find((each) => text.startsWith(`${each.name}: `));
      if (option && !PLAIN.includes(option.name)) more.open = true;
      if (option) option.wrong(text.slice(option.name.length + 2));
      else (seen || !text.startsWith(kind.kind) ? device : address).wrong(text);
      return true;
    },
    quiet: () => [device, address, ...fields].forEach((each) => each.quiet()),
    /** Whether the rule follows a control; what was chosen for the other way is no longer meant. */
    follow(on) {
      if (on === following) return;
      following = on;
      fields.forEach((each) => each.follow(on));
      begin();
    },
  };
}

/** Return whether the form can show an action. */
export const fitsAction = (grammar, action) => grammar.kinds.filter((each) => each.allowed && each.kind in action).length === 1
  && grammar.kinds.some((each) => typeof action[each.kind] === "string");

/** Whether an option is offered: of a device that has told what it can, that, and what says nothing of the device. */
function can(kind, seen, option) {
  if (!seen) return true;
  return seen.can.includes(option) || ALWAYS.includes(option);
}

function deviceChoices(kinds, devices) {
  const known = devices.map((each, number) => [`${each.kind}|${number}`, each.name, KINDS[each.kind] ?? words(each.kind)])
    .filter(([value]) => kinds.some(({ kind }) => value.startsWith(`${kind}|`)));
  return [...known, ...kinds.map(({ kind }) => [`${kind}|`, KINDS[kind] ?? words(kind), "By name or address"])];
}
