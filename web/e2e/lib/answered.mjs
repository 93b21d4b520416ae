// Waits for the browser that end: the driver waits for some answers as long as it runs, and a
// journey that hangs would not even be named.

import { setTimeout as sleep } from "node:timers/promises";

/** How long the browser may take to answer. */
const ANSWER_MS = 30_000;

/**
 * What the browser promised, unless no answer comes.
 * @param {string} name of what is asked, for the failure
 */
export async function answered(name, promise) {
  const late = new AbortController();
  const deadline = sleep(ANSWER_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error(`${name}: no answer of the browser within ${ANSWER_MS} ms`);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    late.abort();
  }
}
