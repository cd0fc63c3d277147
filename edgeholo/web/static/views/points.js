/* The landmarks of an uploaded picture as JSON, asked for when they are wanted. */

import { below, element, plain, say } from "../dom.js";
import { outcome } from "./field.js";
import { upload } from "./upload.js";

const SHOWN = 20_000; /* letters: more of a clip only makes a phone slow, and copy and save have it all */

/** Return what shows, copies and saves the landmarks of a file. */
export function landmarksBox(file) {
  const text = element("pre", { className: "points", tabIndex: 0, "aria-label": "Landmarks as JSON" });
  const box = element("details", { className: "card" }, element("summary", {}, element("h2", {}, "Landmarks as JSON")));
  const word = outcome(text);
  let whole = "";
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(whole);
      word.kept("Copied");
    } catch {
      getSelection().selectAllChildren(text);
      word.wrong("This browser lets no page copy here; what is shown is selected, so copy it with the keyboard, or save it.");
    }
  };
  const buttons = element("div", { className: "row", hidden: true },
    plain("Copy", copy),
    plain("Save", () => save(file, whole)), word.place);
  box.append(below(text, buttons));
  box.ontoggle = async () => {
    if (!box.open || whole) return;
    say(text, "Asking for them …");
    try {
      whole = JSON.stringify(await upload("api/analyse", file, { accept: "application/json" }), null, 1);
      say(text, whole.length > SHOWN ? `${whole.slice(0, SHOWN)}\n… and ${Math.round((whole.length - SHOWN) / 1000)},000 letters more` : whole);
      buttons.hidden = false;
    } catch (error) {
      say(text, error.message);
    }
  };
  return box;
}

function save(file, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", { href: address, download: `${file.name?.replace(/\.[^.]*$/, "") || "picture"}-landmarks.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
