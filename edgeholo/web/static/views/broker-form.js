/* The broker: where it is, a test of it, and what happens when another one is saved. */

import { beside, element, fill, plain, say, soft } from "../dom.js";
import { asked } from "./ask.js";
import { field, outcome, textBox } from "./field.js";

const MARKS = { ok: "✓", warning: "!", bad: "✗", unknown: "?" };

/** Return the card: `box`, `show()`, `end()`. */
export function brokerCard(house) {
  const url = field("Address", textBox({ inputMode: "url", placeholder: "mqtt://192.168.1.10:1883" }),
    { hint: "mqtt:// for the home's network, mqtts:// where it is encrypted." });
  const user = field("User", textBox(), { hint: "Empty for a broker that asks for none." });
  const password = field("Password", element("input", { type: "password", autocomplete: "off" }), { hint: " " });
  const pem = element("input", { type: "file", accept: ".pem,.crt,.cer,application/x-pem-file", onchange: () => readCertificate() });
  const authority = field("Certificate of an authority of your own", pem, { hint: "Only for mqtts:// and wss:// where the broker's certificate is signed by nobody that the system knows." });
  const noAuthority = plain("Use none", () => forgetCertificate());
  const test = plain("Test", () => tryIt());
  const save = element("button", { type: "submit" }, "Save");
  const back = plain("Back to the broker before", () => restore());
  const word = outcome(save);
  const findings = element("ul", { className: "plain-list findings", "aria-live": "polite" });
  const state = element("p", {});
  const closed = element("p", { className: "small soft" });
  const form = element("form", { className: "stack", noValidate: true }, url.box, user.box, password.box,
    element("details", { className: "conditions" }, element("summary", {}, "Own certificate authority"), authority.box, beside(noAuthority)),
    beside(test, save, back), word.place, findings, closed);
  const box = element("section", { className: "card stack", "aria-label": "Broker" }, element("h2", {}, "Broker"), state, form);
  let kept = null; /* what is set now */
  let certificate = null; /* null: as it is; empty: none; else PEM */
  let tested = ""; /* the wish that a test found good */
  let following = 0;

  const load = async () => {
    try {
      kept = await house.get("api/broker");
    } catch (error) {
      word.wrong(error.message);
      return;
    }
    certificate = null;
    pem.value = "";
    [url.control.value, user.control.value, password.control.value] = [kept.url, kept.username, ""];
    changed();
  };
  const changed = () => {
    const stored = kept?.password_set && wish().url === kept.url && wish().username === kept.username;
    password.control.placeholder = stored ? "as it is" : "";
    say(password.box.querySelector(".soft"), stored ? "Empty: the one that is stored stays." : kept?.password_set ? "For another broker or user it must be typed anew." : "It is stored on the unit, readable by nobody else.");
    noAuthority.hidden = !(certificate ?? kept?.ca_set);
    save.disabled = !kept?.editable;
    back.hidden = !kept?.restorable;
    say(closed, kept && !kept.editable ? sentence(kept.why_not) : kept ? `It is written to ${kept.file}; the unit and this page then go over to it${house.session.token_needed ? ", and may ask you to sign in again" : ""}.` : "");
    if (tested && tested !== JSON.stringify(wish())) {
      tested = "";
      fill(findings);
    }
  };
  const wish = () => ({
    url: withScheme(url.control.value.trim()),
    username: user.control.value.trim(),
    password: password.control.value === "" ? null : password.control.value,
    ca_pem: certificate,
  });
  const readCertificate = async () => {
    const text = await pem.files[0]?.text();
    if (text && !text.includes("-----BEGIN CERTIFICATE-----")) {
      authority.wrong("This is no certificate in PEM: such a file begins with -----BEGIN CERTIFICATE-----");
      pem.value = "";
      return;
    }
    certificate = text ?? null;
    authority.quiet();
    changed();
  };
  const forgetCertificate = () => {
    certificate = kept?.ca_set ? "" : null;
    pem.value = "";
    authority.busy(certificate === "" ? "None will be used." : "");
    changed();
  };

  /** Ask the server something that takes a while; returns the answer, or null where it refused. */
  const during = async (button, text, ask) => {
    button.disabled = true;
    word.busy(text);
    try {
      const answer = await ask();
      word.quiet();
      return answer ?? {};
    } catch (error) {
      word.wrong(error.message);
      return null;
    } finally {
      button.disabled = false;
    }
  };
  const complete = () => {
    if (url.control.value.trim()) {
      url.quiet();
      return true;
    }
    url.wrong("Write where the broker is, like mqtt://192.168.1.10:1883");
    url.control.focus();
    return false;
  };
  const tryIt = async () => {
    if (!complete()) return null;
    const wanted = wish();
    fill(findings);
    const result = await during(test, "Trying it, which can take some seconds …", () => house.send("POST", "api/broker/test", wanted));
    if (!result) return null;
    tested = JSON.stringify(wanted);
    fill(findings, ...result.findings.map(finding));
    return result.ok;
  };
  const saveIt = async () => {
    if (!complete()) return;
    if (tested !== JSON.stringify(wish()) || findings.querySelector(".bad")) {
      const works = await tryIt();
      const anyway = works || (works === false && await asked("Save it all the same?", "The test did not reach this broker. The unit would be heard no more until it does, and you may have to come back here for it.", "Save it all the same", { no: "Do not save" }));
      if (!anyway) return;
    }
    const wanted = wish();
    if (!(await during(save, "Saving …", () => house.send("PUT", "api/broker", wanted)))) return;
    password.control.value = "";
    follow("Saved. The unit and this page go over to it …");
  };
  const restore = async () => {
    if (!(await asked("Go back to the broker before?", "Address, user, password and certificate are again what they were before the last change.", "Go back", { danger: false, no: "Stay" }))) return;
    if (await during(back, "Going back …", () => house.send("POST", "api/broker/restore"))) follow("The unit and this page go back to it …");
  };

  /** Tell how it goes on after a change: the page's own connection, then the unit's. */
  const follow = (text) => {
    word.busy(text);
    const until = Date.now() + 60_000;
    clearInterval(following);
    following = setInterval(() => {
      const there = house.link === "live" && house.broker.connected && house.state.availability === "online";
      if (there) word.kept("The unit is heard on this broker");
      else if (Date.now() > until) word.wrong("After a minute the unit is not heard there. Is it another machine, set up for itself? Else go back to the broker before.");
      else return;
      clearInterval(following);
      load();
    }, 1000);
  };
  form.oninput = () => {
    url.quiet();
    changed();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    saveIt();
  };
  load();
  return {
    box,
    show: () => say(state, house.broker.connected ? `This page is connected to ${house.broker.url ?? "it"}.` : `It is not reached now. ${sentence(house.broker.trouble)}`),
    end: () => clearInterval(following),
  };
}

function finding({ state, text, mend }) {
  return element("li", { className: `finding ${state}` }, element("span", { className: "mark", "aria-hidden": "true" }, MARKS[state] ?? "?"),
    element("div", {}, element("p", {}, sentence(text)), mend ? soft(sentence(mend)) : null));
}

/** Who writes only where it is means MQTT. */
const withScheme = (text) => (/^[a-z]+:\/\//.test(text) ? text : `mqtt://${text}`);

/** A capital where a word begins it, not an address; and a full stop. */
function sentence(text) {
  const whole = (text ?? "").trim().replace(/^[a-z]+(?=[\s,:;]\s?|$)/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return !whole || /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
