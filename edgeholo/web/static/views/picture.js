/* A picture or a short clip in, its drawing out; nothing of it is kept. */

import { below, beside, element, fill, notice, plain, say, small, soft } from "../dom.js";
import { outcome } from "./field.js";
import { landmarksBox } from "./points.js";
import { upload } from "./upload.js";

export const title = "Picture";

/* Written out, so that a phone turns its own formats into one of these. */
const STILLS = "image/jpeg,image/png,image/webp,image/gif";
const TYPES = `${STILLS},video/mp4,video/quicktime,video/webm,video/x-matroska`;
const LARGEST_MB = 25;

/* By the server's reason; the sentence below says more. */
const HEADLINES = {
  type: "This kind of file is not taken",
  damaged: "The file is damaged",
  hidden: "There is more in the file than a picture",
  too_large: "It is too large",
  too_long: "It is too long",
  dark: "It is too dark",
  bright: "It is too bright",
  blurred: "It is blurred",
  covered: "There is nothing to see on it",
  frozen: "Nothing moves in it",
  nobody: "Nobody was found",
};

/** Show it; returns what ends it. */
export function mount(place, house) {
  let running = null;
  let shown = null;
  const take = (file) => file && analyse(file);
  const choose = picker("Choose a picture or clip", { accept: TYPES }, take);
  const camera = picker("Take a picture", { accept: STILLS, capture: "environment", className: "plain" }, take);
  camera.hidden = !matchMedia("(pointer: coarse)").matches;
  const bar = element("progress", { max: 1, "aria-label": "How far it is" });
  const doing = element("p", { role: "status", className: "small" });
  const stop = plain("Stop", () => running?.abort());
  const progress = element("div", { className: "row progress", hidden: true }, bar, doing, stop);
  const result = element("div", { className: "stack" });
  const drop = element("div", { className: "card drop" },
    element("p", {}, element("strong", {}, "Body, hands and face as the unit sees them")),
    soft("A photo, or a clip of at most ten seconds. You can also drop or paste it here."),
    beside(choose, camera), progress,
    small("It is looked at on the unit and forgotten with the answer: nothing is kept, and nothing is sent on."));

  async function analyse(file) {
    running?.abort();
    const mine = (running = new AbortController());
    forget();
    fill(result);
    progress.hidden = false;
    try {
      const refusal = unfit(file);
      if (refusal) throw refusal;
      const drawing = await upload("api/analyse", file, { accept: "image/*, video/*", signal: mine.signal, onprogress: tell });
      shown = URL.createObjectURL(drawing);
      fill(result, drawn(file, drawing, shown), landmarksBox(file));
    } catch (error) {
      if (error.name !== "AbortError") fill(result, rejected(error));
    } finally {
      if (running === mine) {
        running = null;
        progress.hidden = true;
        say(doing, "");
      }
    }
    if (result.firstChild) result.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  const tell = (share) => {
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value");
    say(doing, share < 1 ? "Sending …" : "Looking at it …");
  };
  const forget = () => {
    if (shown) URL.revokeObjectURL(shown);
    shown = null;
  };
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  };
  const leave = () => drop.classList.remove("over");
  const dropped = (event) => {
    event.preventDefault();
    leave();
    take(event.dataTransfer.files[0]);
  };
  const pasted = (event) => take([...(event.clipboardData?.files ?? [])][0]);
  place.addEventListener("dragover", over);
  place.addEventListener("dragleave", leave);
  place.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
  fill(place, below(element("h1", {}, "Picture"), drop, result));
  return () => {
    running?.abort();
    forget();
    place.removeEventListener("dragover", over);
    place.removeEventListener("dragleave", leave);
    place.removeEventListener("drop", dropped);
    document.removeEventListener("paste", pasted);
  };
}

/** Return a button that opens the choice of a file. */
function picker(label, { className = "", ...input }, take) {
  const file = element("input", { type: "file", hidden: true, "aria-label": label, ...input });
  if (input.capture) file.setAttribute("capture", input.capture);
  file.onchange = () => {
    take(file.files[0]);
    file.value = ""; /* the same file may be chosen again */
  };
  const button = element("button", { className, onclick: () => file.click() }, label);
  return element("span", {}, button, file);
}

/** Return why a file need not be sent at all. */
function unfit(file) {
  if (file.type && !/^(image|video)\//.test(file.type)) return sentence("type", `${file.name} is no picture and no clip. JPEG, PNG, WebP, GIF, MP4, WebM and Matroska are taken.`);
  if (file.size > LARGEST_MB * 2 ** 20) return sentence("too_large", `${file.name} has ${Math.round(file.size / 2 ** 20)} MB; at most ${LARGEST_MB} MB are taken. Choose a smaller picture or a shorter clip.`);
  if (!file.size) return sentence("damaged", `${file.name} is empty.`);
  return null;
}

function sentence(reason, text) {
  return Object.assign(new Error(text), { answer: { reason } });
}

function drawn(file, drawing, address) {
  const stem = file.name?.replace(/\.[^.]*$/, "") || "picture";
  const ending = drawing.type === "video/webm" ? "webm" : "jpg";
  const seen = drawing.type.startsWith("video/")
    ? element("video", { src: address, controls: true, autoplay: true, loop: true, muted: true, playsInline: true })
    : element("img", { src: address, alt: "The picture, with the skeletons that were found drawn on it" });
  const word = outcome(seen);
  seen.onerror = () => word.wrong("This browser cannot show it; download it instead.");
  return element("figure", { className: "card drawn" }, seen,
    element("figcaption", { className: "row spread" }, word.place, element("a", { className: "button", href: address, download: `${stem}-skeleton.${ending}` }, "Download")));
}

function rejected(error) {
  const headline = HEADLINES[error.answer?.reason] ?? "That did not work";
  return notice("bad", element("div", { role: "alert" }, element("strong", {}, headline), element("p", {}, error.message)));
}
