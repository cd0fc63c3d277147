/* Options of the unit behind controls: sent when let go, shown as kept when the unit has answered, put back where it refuses. */

const SETTLE_MS = 2000; /* how long the stream may take to bring what the unit has answered already */
const KEPT_MS = 4000;
const SLOW_MS = 400; /* an answer usually comes sooner; a word that flashes by is only unrest */

/**
 * Changes of one unit, one after another: each is made from what the unit said last, so that none is lost,
 * whoever else changes it meanwhile.
 */
export class Changes {
  constructor(house) {
    this.house = house;
    this._last = Promise.resolve();
    this._waiting = new Map();
  }

  /** What the unit says of an option; undefined while it has said nothing, or is of a version that does not know it. */
  of(option) {
    return this.house.state.config?.[option];
  }

  /** Whether a change of the option is on its way: what the unit says now is not what the control is to show. */
  pending(option) {
    return (this._waiting.get(option) ?? 0) > 0;
  }

  /**
   * Change an option.
   * @param {string} option its name in state/config
   * @param {(now: any) => any} make the new value of the one that the unit has when it is this change's turn
   * @returns {Promise<any>} the value that the unit took; an Error has its refusal
   */
  async change(option, make) {
    this._waiting.set(option, (this._waiting.get(option) ?? 0) + 1);
    const turn = this._last.then(() => this._send(option, make));
    this._last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this._waiting.set(option, this._waiting.get(option) - 1);
    }
  }

  async _send(option, make) {
    const answer = await this.house.set(option, make(this.of(option)));
    await this._heard(option, answer?.value);
    return answer?.value;
  }

  /** Wait until the stream has brought what the unit answered. */
  _heard(option, value) {
    const wanted = JSON.stringify(value);
    const there = () => JSON.stringify(this.of(option)) === wanted;
    return new Promise((done) => {
      if (there()) {
        done();
        return;
      }
      const off = this.house.on("config", () => there() && end());
      const timer = setTimeout(() => end(), SETTLE_MS);
      const end = () => {
        clearTimeout(timer);
        off();
        done();
      };
    });
  }
}

/**
 * Send a change and say beside its control how it went; the control is put back where the unit refuses.
 * @param {object} word a field's or a switch's kept, wrong, busy, quiet
 * @param {Promise} change that is under way
 * @param {() => void} restore shows again what the unit has
 */
export async function told(word, change, restore) {
  clearTimeout(word.timer);
  word.quiet();
  const slow = setTimeout(() => word.busy("Sending …"), SLOW_MS);
  try {
    await change;
    word.kept("Kept");
    word.timer = setTimeout(() => word.quiet(), KEPT_MS);
    return true;
  } catch (error) {
    word.wrong(error.message);
    return false;
  } finally {
    clearTimeout(slow);
    restore();
  }
}
