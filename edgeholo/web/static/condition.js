/* How the unit is, in words with units. */

import { element, fill, lasting, notice, percent, soft } from "./dom.js";

const SLOWED = ["no", "a little, for it is hot", "clearly, for it is hot", "as far as it goes, for it is hot"];

/** Draw it. Returns what draws it anew. */
export function condition(place, house) {
  const draw = () => {
    const { health, update, info } = house.state;
    if (!health) {
      fill(place, soft("Not heard yet: the unit tells it every half minute."));
      return;
    }
    const rows = [...figures(health), ["Version", version(info, update)]].filter(([, value]) => value !== null);
    fill(place, health.hint && notice("warn", element("p", {}, health.hint)),
      element("dl", { className: "facts" }, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", { className: "number" }, value)])));
  };
  draw();
  return draw;
}

/** Name and words of each figure; null where the machine cannot tell. */
function figures(health) {
  const { outbox = {}, rules = {} } = health;
  const lost = (outbox.expired ?? 0) + (outbox.overflowed ?? 0) + (outbox.refused ?? 0);
  return [
    ["Pictures", some(health.fps, (fps) => `${fps.toFixed(1)} a second`)],
    ["From picture to event", some(health.latency_ms, (ms) => `${Math.round(ms)} ms`)],
    ["Processor", some(health.cpu, (cpu) => `${percent(cpu)} of one core`)],
    ["Memory", some(health.rss_mb, (mb) => `${Math.round(mb)} MB`)],
    ["Temperature", some(health.temp_c, (degrees) => `${Math.round(degrees)} °C`)],
    ["Slowed down", some(health.slowed, (step) => SLOWED[step] ?? String(step))],
    ["Power", health.power === "ok" ? "good" : health.power ?? null],
    ["Messages waiting", some(outbox.queued, (queued) => `${queued || "none"}${lost ? `, ${lost} lost since the start` : ""}`)],
    ["Rules", some(rules.fired, (count) => `fired ${times(count)}${rules.failed ? `, failed ${times(rules.failed)}` : ""}`)],
    ["Written to the card", some(health.written_mb_day, (mb) => `${Math.round(mb)} MB a day`)],
    ["Clock", health.time_sure === false ? "not sure yet: no time server was heard" : null],
    ["Running for", some(health.uptime_s, lasting)],
  ];
}

function version(info, update) {
  const now = update?.installed_version ?? info?.version;
  if (!now) return null;
  if (update?.in_progress) return `${now}, a new one is being tried`;
  if (update?.error) return `${now}; the last update failed: ${update.error}`;
  if (update?.refused) return `${now}; ${update.refused} was taken back: ${update.reason}`;
  return update && update.latest_version !== now ? `${now}, ${update.latest_version} is there` : now;
}

function some(value, inWords) {
  return value === null || value === undefined ? null : inWords(value);
}

function times(count) {
  return count === 1 ? "once" : `${count} times`;
}
