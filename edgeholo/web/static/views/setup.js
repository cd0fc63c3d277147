/* The unit itself: its broker, its camera, its version. */

import { below, beside, card, element, fill, lasting, plain, say, small } from "../dom.js";
import { asked } from "./ask.js";
import { brokerCard } from "./broker-form.js";
import { Changes, told } from "./changes.js";
import { outcome, toggle } from "./field.js";

export const title = "Setup";

/** Show it; returns what ends it. */
export function mount(place, house) {
  const changes = new Changes(house);
  const broker = brokerCard(house);
  const parts = [camera(house, changes), about(house), update(house), again(house, changes)];
  const show = () => [broker, ...parts].forEach((part) => part.show());
  const out = plain("Sign out", () => told(word, house.signOut(), () => {}));
  const word = outcome(out);
  const session = element("section", { className: "card stack" }, element("h2", {}, "This browser"),
    element("p", {}, "It stays signed in until you sign out here, or its session ends."), beside(out, word.place));
  fill(place, below(element("h1", {}, "Setup"),
    element("div", { className: "setup-columns" },
      below(parts[0].box, broker.box),
      below(parts[1].box, parts[2].box, parts[3].box, session))));
  const offs = [house.on("state", () => (show(), (session.hidden = !house.session.token_needed)))];
  session.hidden = !house.session.token_needed;
  show();
  return () => {
    offs.forEach((off) => off());
    broker.end();
  };
}

function camera(house, changes) {
  const made = toggle("Camera closed", {
    hint: "The camera is not even opened, over a restart too, and whoever listens on the broker is told so.",
    onchange: () => told(made, changes.change("privacy", () => made.control.checked), show),
  });
  const state = element("p", { className: "soft" });
  const show = () => {
    const [now, camera] = [changes.of("privacy"), house.state.camera];
    made.control.disabled = now === undefined;
    if (!changes.pending("privacy")) made.control.checked = now === true;
    const words = { opening: "It is being opened", running: "It runs", lost: "It is lost, and opened again", closed: "It is closed", ended: "It is at its end" };
    say(state, camera ? `${words[camera.state] ?? camera.state}: ${camera.source}${camera.detail ? ` (${camera.detail})` : ""}` : "Nothing was heard of it yet.");
  };
  return { box: card("Camera", made.box, state), show };
}

function about(house) {
  const list = element("dl", { className: "facts" });
  const show = () => {
    const { info, health } = house.state;
    const facts = [
      ["Unit", house.unit],
      ["Version", info?.version],
      ["Engine", info?.engine],
      ["Looks for", info?.branches?.map((each) => each.replace("_", " ")).join(", ")],
      ["Runs for", typeof health?.uptime_s === "number" ? lasting(health.uptime_s) : null],
      ["Temperature", typeof health?.temp_c === "number" ? `${Math.round(health.temp_c)} °C` : null],
    ].filter(([, value]) => value);
    const key = JSON.stringify(facts);
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    fill(list, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  };
  const docs = small("Every option and every message is described in the folder docs of the installation: page.md, configuration.md, rules.md, topics.md.");
  return { box: card("This unit", list, docs), show };
}

function update(house) {
  const state = element("p", {});
  const look = plain("Look for a new version", () => told(word, house.set("update", "check"), show));
  const install = element("button", {
    onclick: async () => {
      const { latest_version: latest } = house.state.update;
      if (await asked(`Install ${latest}?`, "The unit starts anew and is on trial for a minute. What does not run is taken back by itself.", "Install it", { danger: false, no: "Not now" })) {
        told(word, house.set("update", "latest"), show);
      }
    },
  });
  const word = outcome(look);
  const show = () => {
    const now = house.state.update;
    const newer = now && now.latest_version !== now.installed_version && now.latest_version !== now.refused;
    install.hidden = !newer || now.in_progress;
    look.disabled = !now || now.in_progress;
    say(install, newer ? `Install ${now.latest_version}` : "");
    say(state, updateWords(now, newer));
  };
  return { box: card("Updates", state, beside(install, look), word.place), show };
}

function updateWords(now, newer) {
  if (!now) return "The unit has said nothing of updates yet.";
  if (now.in_progress) return "A version is being installed, or on trial for its minute.";
  if (now.refused) return `${now.refused} was taken back: ${now.reason}. ${now.installed_version} runs.`;
  if (now.error) return `The last update could not be tried: ${now.error}.`;
  return newer ? `${now.latest_version} is there; ${now.installed_version} runs.` : `${now.installed_version} runs, and no newer one is known.`;
}

/** Starting anew, and going back to what the file says. */
function again(house, changes) {
  const word = outcome(element("span", {}));
  let waiting = false;
  const restart = element("button", {
    className: "plain",
    onclick: async () => {
      if (!(await asked("Start the unit anew?", "For some seconds it sees nothing. All that is set stays.", "Start anew", { danger: false, no: "Not now" }))) return;
      waiting = await told(word, house.set("restart", true), () => {});
      if (waiting) word.busy("It starts anew …");
    },
  }, "Start anew");
  const reset = element("button", {
    className: "plain",
    onclick: async () => {
      if (await asked("Forget what was set here?", "Gestures, times, zone, camera and all other options are again as the file on the unit has them. What was taught stays.", "Forget it")) {
        told(word, house.set("reset", true), () => {});
      }
    },
  }, "Forget all that was set");
  let away = false;
  const show = () => {
    const online = house.state.availability === "online";
    if (waiting && !online) away = true;
    if (waiting && away && online) {
      waiting = away = false;
      word.kept("It runs again");
    }
    restart.disabled = reset.disabled = !online || changes.of("privacy") === undefined;
  };
  return { box: card("Once more", beside(restart, reset), word.place), show };
}
