/* What stands between the page and the room, in one sentence that says what to do. */

import { element, fill, notice, plain, sentence } from "./dom.js";

/** Return a tone and one word for the connection. */
export function linkWords(house) {
  if (house.link === "token") return ["warn", "Signed out"];
  if (house.link === "lost") return ["bad", "No connection"];
  if (house.link !== "live") return ["idle", "Connecting"];
  if (!house.broker.connected) return house.broker.trouble ? ["bad", "Broker away"] : ["idle", "Connecting"];
  if (!house.unit) return ["idle", "No unit"];
  return { online: ["good", "Live"], stopped: ["warn", "Stopped"], offline: ["bad", "Offline"] }[house.state.availability] ?? ["idle", "Silent"];
}

/** Return what is wrong: a tone, a headline, what to do, and the words of a button with what it does; null when all is well. */
export function whatIsWrong(house, askForToken) {
  const unit = house.unit;
  if (house.link === "token") return ["warn", "Sign in to see the room", "The page shows nothing without its token.", "Sign in", askForToken];
  if (house.link === "lost") {
    return ["bad", "The connection to the page's server is lost",
      "It is tried again by itself. If this stays: is the unit switched on, and this device in the same network?"];
  }
  if (house.link !== "live") return null;
  if (!house.broker.connected && !house.broker.trouble) return null; // its first try is under way
  if (!house.broker.connected) {
    return ["bad", "The MQTT broker cannot be reached", `${sentence(house.broker.trouble)} It is tried again by itself. Setup shows which broker it is, and tests it.`,
      "Open setup", () => (location.hash = "#setup")];
  }
  if (!unit) {
    return ["info", "No unit has been heard yet", "A unit shows up here by itself as soon as it reaches the same broker. Is it switched on? `edgeholo doctor` on the unit says what keeps it."];
  }
  if (house.state.availability === "offline") {
    return ["bad", `${unit} is not there`, "Its connection broke: it has no power or no network, or it is just starting again. What stands here is the last that was heard."];
  }
  if (house.state.availability === "stopped") {
    return ["warn", `${unit} was stopped`, "On the unit, `sudo systemctl start edgeholo` starts it again. What stands here is the last that was heard."];
  }
  if (!house.state.availability) return ["info", `Nothing has been heard from ${unit} yet`, "It shows up here by itself as soon as it reaches the broker."];
  return null;
}

/** Keep a place up to date with it; unchanged words are left alone. */
export function trouble(place, house, askForToken) {
  const wrong = whatIsWrong(house, askForToken);
  const key = wrong ? wrong.slice(0, 3).join("|") : "";
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  if (!wrong) {
    fill(place);
    return;
  }
  const [tone, headline, todo, word, act] = wrong;
  fill(place, notice(tone, element("div", {}, element("strong", {}, headline), element("p", {}, ...withCode(todo))),
    word && plain(word, act)));
}

function withCode(text) {
  return text.split("`").map((piece, n) => (n % 2 ? element("code", {}, piece) : piece));
}
