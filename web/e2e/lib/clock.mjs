// The time of day of a journey: quiet hours, greetings and *Maintenant* hang on it, not on when the
// journey happens to run.

/** France's winter time: the journeys' days are winter days. */
const PARIS = "+01:00";

/**
 * The arguments of `besace demo` and the option of `person` that make it this moment in Paris.
 * @param {string} moment as `2026-11-25T09:22`, in winter
 */
export function clockAt(moment) {
  const seconds = Math.round((Date.parse(`${moment}:00${PARIS}`) - Date.now()) / 1000);
  return { args: ["--clock-offset", String(seconds)], ahead: seconds * 1000 };
}

/**
 * Runs in the page before anything else: its clock is ahead of the machine's, and goes on.
 * @param {number} ahead milliseconds
 */
export function shiftClock(ahead) {
  const Machine = Date;
  globalThis.Date = class Date extends Machine {
    constructor(...parts) {
      if (parts.length === 0) super(Machine.now() + ahead);
      else super(...parts);
    }
    static now() {
      return Machine.now() + ahead;
    }
  };
}
