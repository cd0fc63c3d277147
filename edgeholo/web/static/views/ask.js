/* A question before something is gone. */

import { element } from "../dom.js";

/** Ask, and return whether it is wanted: `yes` and `no` are the words of the buttons. */
export function asked(question, consequence, yes, { no = "Keep it", danger = true } = {}) {
  const dialog = element("dialog", { "aria-label": question },
    element("form", { method: "dialog" }, element("h2", {}, question), element("p", {}, consequence),
      element("div", { className: "row end" },
        element("button", { type: "submit", className: "plain", value: "no", autofocus: true }, no),
        element("button", { type: "submit", className: danger ? "danger" : "", value: "yes" }, yes))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.onclose = () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    };
  });
}
