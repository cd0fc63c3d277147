/* What the page knows of the house, and the only place that talks to the server. */

import { remember, remembered } from "./dom.js";
import { decode, fromBase64 } from "./landmarks.js";

/** Messages that replace what is known under the same name. */
const STATES = ["info", "presence", "armed", "quality", "camera", "health", "config", "learn", "update"];
const MESSAGES = [...STATES, "snapshot", "landmarks", "insight", "gesture", "action", "value", "availability", "broker", "units"];
const KEPT_EVENTS = 100;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/* A phone that changed its network hears nothing and is told nothing: after this long the server is asked. */
const SILENCE_MS = 12_000;
const PATIENCE_MS = 8_000;
/** A connection that is back so soon was not worth a word. */
const LOST_MS = 2_000;
/** A unit that was looked at last time, and of which so long nothing is heard, makes way for one that is there. */
const GONE_MS = 4_000;

const UNREACHABLE = "The page's server does not answer: is the unit switched on, and this device in the same network?";

function nothing() {
  const unit = { availability: null, values: {}, events: [] };
  for (const name of STATES) unit[name] = null;
  return unit;
}

/** An error with the server's own sentence. */
export class HouseError extends Error {
  constructor(sentence, status = 0, answer = null) {
    super(sentence);
    this.status = status;
    this.answer = answer;
  }
}

/**
 * The house, kept up to date by the server's stream.
 *
 * `link` says how that is: "opening", "live", "lost" (tried again by itself), "token" (sign in first), "hidden" (nobody looks).
 */
export class House {
  constructor() {
    this.unit = null;
    this.units = [];
    this.state = nothing();
    this.broker = { connected: true, trouble: "" };
    this.session = { token_needed: false, signed_in: true };
    this.latest = { frame: null, frameAt: 0, insight: null, insightAt: 0 };
    this.link = "opening";
    this._listeners = new Map();
    this._wanted = remembered("unit", null);
    this._stream = null;
    this._pauseMs = FIRST_PAUSE_MS;
    this._retry = 0;
    this._lost = 0;
    this._gone = 0;
    this._heardAt = 0;
  }

  /** Call `hear` with every message of that name ("state": after any change, "link": when `link` changes); returns what ends it. */
  on(name, hear) {
    if (!this._listeners.has(name)) this._listeners.set(name, new Set());
    this._listeners.get(name).add(hear);
    return () => this._listeners.get(name).delete(hear);
  }

  /** Begin: while the page is seen the stream is open, and a hidden page costs the unit nothing. */
  start() {
    document.addEventListener("visibilitychange", () => this._look());
    addEventListener("online", () => this._look());
    addEventListener("pagehide", () => this._close());
    addEventListener("pageshow", (event) => event.persisted && this._look());
    setInterval(() => this._listen(), 3000);
    if (document.hidden) this._hide();
    else this._enter();
  }

  /** Close the stream when nobody looks, open it when somebody does. */
  _look() {
    if (document.hidden) this._hide();
    else if (this.session.token_needed && !this.session.signed_in) this._askForToken();
    else this._open();
  }

  /** Ask whether a token is needed before the stream is asked for: a refusal would stand in the browser's log. */
  async _enter() {
    this.session = await this.get("api/session").catch(() => this.session);
    if (this._stream || this.link !== "opening") return;
    if (this.session.token_needed && !this.session.signed_in) this._askForToken();
    else this._open();
  }

  /** Look at another unit. */
  choose(unit) {
    this._wanted = unit;
    remember("unit", unit);
    this._open();
  }

  /** Set an option, or give a command (learn, forget, reset, restart); an Error says why the unit refused. */
  async set(option, value) {
    if (!this.unit) throw new HouseError("No unit is known yet");
    return this.send("POST", `api/units/${encodeURIComponent(this.unit)}/set/${encodeURIComponent(option)}`, { value });
  }

  /** Return the JSON (or the Blob, where it is something else) behind a path. */
  get(path) {
    return this.send("GET", path);
  }

  /** Send a Blob as it is, anything else as JSON. `accept` chooses among what the server can answer; `signal` ends it early. */
  async send(method, path, body, { accept = "application/json", signal } = {}) {
    const raw = body instanceof Blob;
    const headers = { Accept: accept };
    if (body !== undefined) headers["Content-Type"] = raw ? body.type || "application/octet-stream" : "application/json";
    const content = raw || body === undefined ? body : JSON.stringify(body);
    let response;
    try {
      response = await fetch(address(path), { method, headers, body: content, signal });
    } catch (error) {
      throw error.name === "AbortError" ? error : new HouseError(UNREACHABLE);
    }
    const type = response.headers.get("Content-Type") ?? "";
    const answer = response.status === 204 ? null : type.startsWith("application/json") ? await response.json() : await response.blob();
    if (response.ok) return answer;
    if (response.status === 401 && !path.endsWith("api/session")) this._askForToken();
    throw new HouseError(answer?.error ?? `The server answered ${response.status}`, response.status, answer);
  }

  /** Sign in with the page's token; an Error says why not. */
  async signIn(token) {
    await this.send("POST", "api/session", { token });
    this.session = { token_needed: true, signed_in: true };
    this._open();
  }

  /** Forget the session. */
  async signOut() {
    await this.send("DELETE", "api/session");
    this._askForToken();
  }

  _open() {
    this._close();
    if (this.link === "hidden" || this.link === "token") this._become("opening");
    const stream = new EventSource(address("api/stream" + (this._wanted ? `?unit=${encodeURIComponent(this._wanted)}` : "")));
    this._stream = stream;
    this._heardAt = Date.now();
    for (const name of MESSAGES) stream.addEventListener(name, (event) => this._hear(name, event.data));
    // The stream has a message of its own by this name; the browser's says nothing but that the connection broke.
    stream.addEventListener("error", (event) => (event.data === undefined ? this._break(stream) : this._hear("error", event.data)));
  }

  _close() {
    clearTimeout(this._retry);
    this._stream?.close();
    this._stream = null;
  }

  _hide() {
    this._close();
    this._become("hidden");
  }

  _askForToken() {
    this._close();
    this.session = { token_needed: true, signed_in: false };
    this.unit = null;
    this.units = [];
    this.state = nothing();
    this.latest = { frame: null, frameAt: 0, insight: null, insightAt: 0 };
    this._emit("state");
    this._become("token");
  }

  /** The browser does not say why a stream broke: ask whether it is the token, else try again, each time a little later. */
  async _break(stream) {
    if (stream !== this._stream) return;
    const refused = stream.readyState === EventSource.CLOSED;
    this._close();
    try {
      this.session = await this.get("api/session");
      if (this._stream || this.link === "hidden") return;
      if (this.session.token_needed && !this.session.signed_in) {
        this._askForToken();
        return;
      }
      if (refused) this._wanted = null; // a unit that is gone: any other
    } catch {
      if (this._stream || this.link === "hidden") return;
    }
    if (this.link === "live") {
      this._become("opening");
      this._lost = setTimeout(() => this._become("lost"), LOST_MS);
    } else if (!this._lost) {
      this._become("lost");
    }
    this._retry = setTimeout(() => this._open(), this._pauseMs * (0.75 + Math.random() / 2));
    this._pauseMs = Math.min(2 * this._pauseMs, LONGEST_PAUSE_MS);
  }

  /** Ask the server after a silence; no answer is a broken connection that nobody told us of. */
  async _listen() {
    const stream = this._stream;
    if (!stream || Date.now() - this._heardAt < SILENCE_MS) return;
    this._heardAt = Date.now();
    try {
      await this.send("GET", "api/session", undefined, { signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      this._break(stream);
    }
  }

  _hear(name, text) {
    this._heardAt = Date.now();
    if (name === "landmarks") {
      const frame = decode(fromBase64(text));
      if (frame) Object.assign(this.latest, { frame, frameAt: performance.now() });
      this._emit(name, frame);
      return;
    }
    const message = JSON.parse(text);
    this._take(name, message);
    this._emit(name, message);
    if (name !== "insight") this._emit("state", message);
  }

  _take(name, message) {
    if (name === "snapshot") this._begin(message);
    else if (name === "insight") Object.assign(this.latest, { insight: message, insightAt: performance.now() });
    else if (name === "gesture" || name === "action") this.state.events = [...this.state.events, { kind: name, ...message }].slice(-KEPT_EVENTS);
    else if (name === "value") this.state.values[message.name] = message;
    else if (name === "availability") this.state.availability = message.availability;
    else if (name === "broker") this.broker = message;
    else if (name === "units") this.units = message;
    else if (STATES.includes(name)) this.state[name] = message;
  }

  _begin({ unit, units, state, broker }) {
    if (unit !== this.unit) this.latest = { frame: null, frameAt: 0, insight: null, insightAt: 0 };
    this.unit = unit;
    this.units = units;
    this.state = { ...nothing(), ...state };
    this.broker = broker;
    this._pauseMs = FIRST_PAUSE_MS;
    this._become("live");
    clearTimeout(this._gone);
    this._gone = setTimeout(() => this._moveOn(), GONE_MS);
  }

  _moveOn() {
    if (this.link !== "live" || this.state.availability || !this.units.length || this.units.includes(this.unit)) return;
    this._wanted = null;
    this._open();
  }

  _become(link) {
    if (link !== "opening") {
      clearTimeout(this._lost);
      this._lost = 0;
    }
    if (this.link === link) return;
    this.link = link;
    this._emit("link", link);
  }

  _emit(name, message) {
    for (const hear of [...(this._listeners.get(name) ?? [])]) hear(message);
  }
}

function address(path) {
  return new URL(path.replace(/^\//, ""), document.baseURI);
}
