// Rules as TOML, in the style of docs/rules.md: a line for each key, tables inline.

const BARE = /^[A-Za-z0-9_-]+$/;

/** Return a rule as a `[[rule]]` block. */
export function ruleText({ name, enabled = true, when, then }) {
  const lines = ["[[rule]]", `name = ${value(name)}`];
  if (!enabled) lines.push("enabled = false");
  lines.push(`when = ${value(when)}`, then.length === 1 ? `then = ${value(then[0])}` : `then = ${list(then)}`);
  return `${lines.join("\n")}\n`;
}

/** Return a JSON value as TOML writes it; `null` and `undefined` have no words there and are left out of tables. */
export function value(it) {
  if (Array.isArray(it)) return `[${it.map(value).join(", ")}]`;
  if (it && typeof it === "object") return table(it);
  return typeof it === "string" ? text(it) : String(it);
}

function table(it) {
  const pairs = Object.entries(it).filter(([, each]) => each !== undefined && each !== null);
  return pairs.length ? `{ ${pairs.map(([key, each]) => `${keyed(key)} = ${value(each)}`).join(", ")} }` : "{}";
}

const list = (actions) => `[\n${actions.map((each) => `  ${value(each)},\n`).join("")}]`;
const keyed = (key) => (BARE.test(key) ? key : text(key));

/** JSON's escapes are TOML's, but for DEL, which JSON leaves as it is. */
const text = (it) => JSON.stringify(it).replace(/\u007f/g, "\\u007f");
