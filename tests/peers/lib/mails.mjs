// The demonstration's mails, read from its page as a person reads them.

import { setTimeout as later } from "node:timers/promises";

const PAGE = "/demonstration/courriels";
const WITHIN_MS = 15_000;

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };
const plain = (html) =>
  html
    .replaceAll(/<br>|<\/p>|<\/h2>/g, "\n")
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll(/&(?:amp|lt|gt|quot);/g, (entity) => ENTITIES[entity]);

/** The texts of the mails to an address, the latest first. */
export async function mailsTo(demo, address) {
  const answer = await fetch(`${demo.baseUrl}${PAGE}`, { headers: { accept: "text/html" } });
  const articles = (await answer.text()).split("<article ").slice(1);
  return articles.map((one) => plain(one.split("</article>")[0].replace(/^[^>]*>/, ""))).filter((text) => text.includes(address));
}

/** Waits for the mail to an address that holds this, and answers what it holds. */
export async function mailHolding(demo, address, pattern, { not = [] } = {}) {
  const end = performance.now() + WITHIN_MS;
  while (performance.now() < end) {
    for (const text of await mailsTo(demo, address)) {
      const [, found] = pattern.exec(text) ?? [];
      if (found !== undefined && !not.includes(found)) return found;
    }
    await later(100);
  }
  throw new Error(`no mail to ${address} holds ${pattern}`);
}

/** The link of an invitation. */
export const INVITATION = /(https?:\/\/\S+\/invitation\/\S+)/;
/** The digits of a code. */
export const CODE = /entrer sur [^:]+:\s(\d{3}\s\d{3})/;
