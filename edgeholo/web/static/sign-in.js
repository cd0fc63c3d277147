/* The dialog that asks for the page's token. */

import { say } from "./dom.js";

/** Return what opens the dialog. */
export function signIn(house) {
  const dialog = document.getElementById("sign-in");
  const form = dialog.querySelector("form");
  const token = document.getElementById("token");
  const wrong = document.getElementById("sign-in-error");
  const go = document.getElementById("sign-in-go");
  form.onsubmit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    say(wrong, "");
    try {
      await house.signIn(token.value.trim());
      dialog.close();
    } catch (error) {
      say(wrong, error.message);
      token.select();
    } finally {
      go.disabled = false;
    }
  };
  document.getElementById("sign-in-later").onclick = () => dialog.close();
  dialog.onclose = () => {
    token.value = "";
    say(wrong, "");
  };
  return { open: () => dialog.open || dialog.showModal() };
}
