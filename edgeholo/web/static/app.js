/* The page's frame: which view is seen, which unit, how the connection is. */

import { element, fill, icon, say } from "./dom.js";
import { House } from "./house.js";
import { signIn } from "./sign-in.js";
import { linkWords, trouble } from "./trouble.js";

/** Name in the location's hash, word in the navigation, module. */
const VIEWS = [
  ["now", "Now", () => import("./views/now.js")],
  ["events", "Events", () => import("./views/events.js")],
  ["picture", "Picture", () => import("./views/picture.js")],
  ["teach", "Teach", () => import("./views/teach.js")],
  ["gestures", "Gestures", () => import("./views/gestures.js")],
  ["rules", "Rules", () => import("./views/rules.js")],
  ["setup", "Setup", () => import("./views/setup.js")],
];

const house = new House();
const view = document.getElementById("view");
let unmount = null;
let shown = null;

/** Show the view that the location names, the first where it names none. */
async function route() {
  const name = location.hash.slice(1).split("/")[0];
  if (name === "view") return; // the skip link
  const [chosen, word, load] = VIEWS.find(([known]) => known === name) ?? VIEWS[0];
  if (chosen === shown) return;
  const first = shown === null;
  shown = chosen;
  for (const tab of document.querySelectorAll("#tabs a")) {
    if (tab.hash === `#${chosen}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  let module;
  try {
    module = await load();
  } catch {
    module = { title: word, mount: missing };
  }
  if (shown !== chosen) return; // another one was chosen meanwhile
  unmount?.();
  view.className = `view ${chosen}`;
  fill(view);
  document.title = `${module.title} · edgeholo`;
  unmount = await module.mount(view, house);
  if (!first) {
    scrollTo(0, 0);
    view.focus({ preventScroll: true });
  }
}

function missing(place) {
  shown = null;
  fill(place, element("h1", {}, "This part did not load"), element("p", {}, "The server did not send it. Load the page again when the connection is back."));
}

function tabs() {
  fill(document.getElementById("tabs"), ...VIEWS.map(([name, word]) => element("a", { href: `#${name}` }, icon(name), element("span", {}, word))));
}

/** One unit is a name, several are a choice. */
function unitChooser() {
  const place = document.getElementById("unit");
  const names = house.unit && !house.units.includes(house.unit) ? [house.unit, ...house.units] : house.units;
  const key = names.join(" ");
  if (place.dataset.names !== key) {
    place.dataset.names = key;
    fill(place, names.length > 1
      ? element("select", { "aria-label": "Unit", onchange: (event) => house.choose(event.target.value) },
        ...names.map((name) => element("option", { value: name }, name)))
      : element("span", {}, names[0] ?? ""));
  }
  if (names.length > 1) place.firstChild.value = house.unit ?? "";
}

/** Say in one word how the connection is, and in a sentence what to do where it is not well. */
function frame() {
  unitChooser();
  const [tone, word] = linkWords(house);
  const link = document.getElementById("link");
  link.dataset.tone = tone;
  say(link.querySelector(".text"), word);
  document.getElementById("sign-out").hidden = !(house.session.token_needed && house.session.signed_in);
  trouble(document.getElementById("trouble"), house, () => dialog.open());
}

const dialog = signIn(house);
tabs();
house.on("state", frame);
house.on("link", (link) => {
  frame();
  if (link === "token") dialog.open();
});
document.getElementById("sign-out").onclick = () => house.signOut().catch(() => {});
addEventListener("hashchange", route);
frame();
house.start();
route();
