// What a crash run is held against: what is missing, there twice, or was never tried.

/** An answer that says nothing of what was done: no server was there, or none was ready. */
const NOBODY = [502, 503];
/** What `fetch` says of a line that was cut before, and within, the answer. */
const CUT = ["fetch failed", "terminated"];

/**
 * Whether an error leaves open what was done: the line was cut, or nobody was there. Any other is
 * an answer that says no, or a fault of the script.
 */
export function isCutOff(error) {
  if (error.status !== undefined) return NOBODY.includes(error.status);
  return error.name === "AbortError" || (error instanceof TypeError && CUT.includes(error.message));
}

/**
 * What was done too seldom for a run to say anything.
 * @param {Record<string, number>} counts acknowledged acts of each kind, and notices that were mailed
 * @param {number} cutOff requests of which nobody knows
 * @param {number} kills
 */
export function tooFew(counts, cutOff, kills) {
  const faults = [];
  for (const [name, count] of Object.entries(counts)) {
    if (count < kills / 2) faults.push(`too few ${name} to say anything: ${count}, with ${kills} kills`);
  }
  const { mailed: _, ...acts } = counts;
  const acknowledged = Object.values(acts).reduce((sum, count) => sum + count, 0);
  if (cutOff > acknowledged) {
    faults.push(`more was cut off (${cutOff}) than acknowledged (${acknowledged})`);
  }
  return faults;
}

/**
 * Mails by key: in which different mails a key is written. A server that is killed after the mail
 * server has taken a mail, and before it has noted so, hands the same mail over again, under the
 * same `Message-Id`: that is one mail, told apart here.
 * @param {{values: Record<string, string>, plain: string}[]} mails
 */
export function mailed(mails) {
  const keys = new Map();
  const ids = new Map();
  for (const mail of mails) {
    const id = mail.values["message-id"];
    ids.set(id, (ids.get(id) ?? 0) + 1);
    for (const [key] of mail.plain.matchAll(/notice-\d+-\d+/g)) {
      keys.set(key, (keys.get(key) ?? new Set()).add(id));
    }
  }
  const again = [...ids.values()].reduce((sum, times) => sum + times - 1, 0);
  return { keys, mails: ids.size, again };
}

/** Notices in more mails than they were told, and urgent ones in none. */
export function mailFaults(notices, keys) {
  const faults = [];
  for (const [key, notice] of notices) {
    const count = keys.get(key)?.size ?? 0;
    // The last tries of one that was never acknowledged are not known.
    const most = notice.acknowledged ? notice.carriedOut : notice.lost;
    if (count > most) faults.push(`${key}: in ${count} mails, told ${most} times`);
    if (notice.urgent && notice.acknowledged && count === 0) {
      faults.push(`${key}: acknowledged, urgent, and never mailed`);
    }
  }
  for (const key of keys.keys()) {
    if (!notices.has(key)) faults.push(`${key}: mailed, and never told`);
  }
  return faults;
}

/** Notices that are missing from the inboxes, or there twice. */
export function inboxFaults(notices, rows) {
  const faults = [];
  for (const [key, notice] of notices) {
    const count = rows.get(key) ?? 0;
    if (notice.acknowledged && count !== 1) faults.push(`${key}: ${count} rows in the inbox`);
    if (!notice.acknowledged && count > 1) faults.push(`${key}: ${count} rows, not acknowledged`);
  }
  return faults;
}

/**
 * Tools that are missing, or there twice.
 * @param {{name: string, id: string | null, published: boolean}[]} tools of the ledger
 * @param {{id: string, name: {fr: string}, state: string}[]} found
 */
export function toolFaults(tools, found) {
  const faults = [];
  for (const tool of tools) {
    const same = found.filter((one) => one.name.fr === tool.name);
    if (same.length > 1) faults.push(`${tool.name} is there ${same.length} times`);
    if (tool.id === null) continue;
    if (same[0]?.id !== tool.id) faults.push(`${tool.name}: acknowledged as ${tool.id}, there as ${same[0]?.id}`);
    else if (tool.published && same[0].state !== "published") {
      faults.push(`${tool.name}: published, and now ${same[0].state}`);
    }
  }
  return faults;
}

/**
 * Acts that are not in the journal just once, and acts of the journal of which nothing is there.
 * @param {string} act
 * @param {string[]} journalled the subjects of its entries
 * @param {string[]} acknowledged subjects that must have one
 * @param {string[] | null} there all subjects that may have one; none: nobody knows
 */
export function journalFaults(act, journalled, acknowledged, there = null) {
  const faults = [];
  const counts = new Map();
  for (const subject of journalled) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  for (const [subject, count] of counts) {
    if (count > 1) faults.push(`${act} ${subject}: ${count} times in the journal`);
    if (there && !there.includes(subject)) faults.push(`${act} ${subject}: in the journal, and nowhere else`);
  }
  for (const subject of acknowledged) {
    if (!counts.has(subject)) faults.push(`${act} ${subject}: not in the journal`);
  }
  return faults;
}
