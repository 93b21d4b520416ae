// A prefecture tells its agents something: it comes to open pages by itself, is read and confirmed,
// and nobody else hears of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { clockAt } from "../lib/clock.mjs";
import { focused, press } from "../lib/keyboard.mjs";
import { sessionOf } from "../lib/session.mjs";
import { atHome, signIn } from "../lib/steps.mjs";

const TITLE = "Exercice d’évacuation jeudi à 10 h";
const ADMIN = "/api/v1/admin/announcements";
/** What a reader takes for "at once", with room for a busy machine. */
const AT_ONCE_MS = 3_000;
const morning = clockAt("2026-11-25T09:22");

let demo;
let browser;
let announcer;
let reader;
let neighbour;
let written;

before(async () => {
  [demo, browser] = await Promise.all([startDemo({ args: morning.args }), launch()]);
  announcer = await arrive("mathieu.lacaze@landes.gouv.fr");
  reader = await arrive("sylvie.dupouy@landes.gouv.fr");
  neighbour = await arrive("hugo.castaing@agriculture.gouv.fr");
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Somebody at their home page, which counts how often it is loaded. */
async function arrive(email) {
  const account = demo.identity.accounts.find((one) => one.email === email);
  const visitor = await person(browser, { ahead: morning.ahead });
  const page = await visitor.tab();
  await signIn(page, demo, account);
  const session = await sessionOf(visitor, demo);
  const one = { account, visitor, page, session, loads: 0 };
  page.on("load", () => (one.loads += 1));
  return one;
}

const address = (path) => new URL(path, demo.baseUrl).href;
const news = (page) => page.getByRole("region", { name: "Annonces" });

/** An announcement of the prefecture to its own agents. */
async function announce(facts) {
  const organisation = announcer.session.agent.organisation.id;
  const { id } = await announcer.session.call("POST", ADMIN, {
    title: { fr: TITLE, en: "Evacuation drill on Thursday at 10" },
    body: {
      fr: "L’exercice dure vingt minutes.\n\nRejoignez le point de rassemblement de la cour nord.",
      en: "The drill lasts twenty minutes.\n\nGo to the assembly point of the north court.",
    },
    severity: "important",
    organisation,
    audience: { organisation: { id: organisation, subtree: false } },
    mustConfirm: true,
    ...facts,
  });
  return id;
}

test("what is published comes to an open page at once, without loading it again", async (t) => {
  await news(reader.page).getByText("Aucune annonce en cours").waitFor();
  written = await announce({});
  // A draft is nobody's.
  const before = await reader.session.get("/api/v1/announcements");
  assert.deepEqual(before.items, []);
  const loads = reader.loads;
  const published = Date.now();
  await announcer.session.call("POST", `${ADMIN}/${written}/publish`, {});
  await news(reader.page).getByRole("link", { name: TITLE }).waitFor();
  const took = Date.now() - published;
  t.diagnostic(`shown after ${took} ms`);
  assert.ok(took < AT_ONCE_MS, `shown after ${took} ms`);
  assert.equal(reader.loads, loads, "the page was loaded again");
  await news(reader.page).getByText("À lire").waitFor();
  await look(reader.page, "home-announcement");
  await tree(reader.page, "home-announcement", news(reader.page));
});

test("it is read in full, and its reading confirmed, by keyboard", async () => {
  const { page } = reader;
  const other = await reader.visitor.tab();
  await other.goto(address("/"));
  await atHome(other, reader.account);

  await press(page, news(page).getByRole("link", { name: TITLE }));
  const letter = page.getByRole("article", { name: TITLE });
  await letter.waitFor();
  assert.match(page.url(), new RegExp(`/annonces#${written}$`));
  await focused(letter);
  await letter.getByText("Rejoignez le point de rassemblement de la cour nord.").waitFor();
  await look(page, "announcements");
  await tree(page, "announcements");

  await press(page, letter.getByRole("button", { name: "J’ai lu" }));
  await letter.getByText("Lecture confirmée").waitFor();
  // The other tab knows too.
  await news(other).getByText("Lecture confirmée").waitFor();
  await other.close();
});

test("who announced sees who has read it, and who is still awaited", async () => {
  const path = `${ADMIN}/${written}/readers`;
  const { items, confirmed, expected } = await announcer.session.get(path);
  assert.equal(confirmed, 1);
  const prefecture = demo.identity.accounts.filter(({ provider }) => provider === "landes");
  assert.equal(expected, prefecture.length);
  const read = items.filter((one) => one.readAt);
  assert.deepEqual(
    read.map((one) => one.email),
    [reader.account.email],
  );
  const awaited = await announcer.session.get(`${path}?confirmed=false`);
  assert.equal(awaited.items.length, expected - 1);
  assert.ok(awaited.items.every((one) => one.email !== reader.account.email));
  for (const stranger of [reader, neighbour]) {
    assert.equal((await stranger.session.ask("GET", path)).status(), 403);
  }
});

test("an agent of another administration sees nothing of it, nowhere", async () => {
  const { page, session } = neighbour;
  const { items } = await session.get("/api/v1/announcements");
  assert.deepEqual(items, []);
  await page.reload();
  await news(page).getByText("Aucune annonce en cours").waitFor();
  await page.goto(address("/annonces"));
  await page.getByRole("heading", { name: "Aucune annonce en cours" }).waitFor();
  await look(page, "announcements-none");
  await tree(page, "announcements-none");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox");
  await focused(field);
  await field.fill("évacuation");
  await page.getByText("Rien ne correspond").waitFor();
  await page.keyboard.press("Escape");
  assert.equal((await session.ask("POST", `/api/v1/announcements/${written}/read`)).status(), 404);
});

test("an announcer speaks for their own administration only", async () => {
  const { id } = neighbour.session.agent.organisation;
  const answer = await announcer.session.ask("POST", ADMIN, {
    title: { fr: "Pour vous" },
    body: { fr: "Rien" },
    severity: "info",
    organisation: id,
    audience: { organisation: { id, subtree: false } },
  });
  assert.equal(answer.status(), 403);
});

test("what is withdrawn leaves the open page at once", async () => {
  const { page } = reader;
  await page.goto(address("/"));
  await news(page).getByRole("link", { name: TITLE }).waitFor();
  await announcer.session.call("POST", `${ADMIN}/${written}/withdraw`, {});
  await news(page).getByText("Aucune annonce en cours").waitFor();
  for (const { visitor } of [announcer, reader, neighbour]) await visitor.leave();
});
