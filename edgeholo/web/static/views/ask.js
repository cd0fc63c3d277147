/* A question before something is gone. */

import { element } from "../dom.js";

/** Ask before something is gone; returns whether it is wanted. */
export function asked(question, consequence, yes) {
  const dialog = element("dialog", { "aria-label": question },
    element("form", { method: "dialog" }, element("h2", {}, question), element("p", {}, consequence),
      element("div", { className: "row end" },
        element("button", { className: "plain", value: "no", autofocus: true }, "Keep it"),
        element("button", { className: "danger", value: "yes" }, yes))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.onclose = () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    };
  });
}
