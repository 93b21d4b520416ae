// The server goes away: the last tiles stay, what was written stays, and nothing stays of who left.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { freePorts, startBesace } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { accountOf, atHome, SIGN_IN, signIn, signOut } from "../lib/steps.mjs";

/** What the browser writes by itself when nobody answers, or when the State that does is a new one. */
const UNREACHABLE =
  /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED|ERR_FAILED|status of 401/;

let folder;
let port;
let server;
let demo;
let browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "besace-demo-"));
  port = await freePorts(8);
  [browser] = await Promise.all([launch(), start()]);
  demo = JSON.parse(await readFile(join(folder, "demo.json"), "utf8"));
});
// A journey that ended early may have left the State stopped.
beforeEach(async () => {
  if (server === undefined) await start();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The State at the same address; a demonstration begins anew, so whoever was signed in signs in again. */
async function start() {
  const args = ["demo", "--port", String(port), "--data", folder];
  server = await startBesace(args, { ready: `http://localhost:${port}/readyz` });
}

async function stop() {
  await server.stop();
  server = undefined;
}

const address = (path) => new URL(path, demo.baseUrl).href;

/** Somebody at home whose browser has kept what opens without network. */
async function arrive() {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  });
  // The first page that the worker serves is the first of which it keeps the tiles.
  await page.reload();
  await atHome(page, account);
  await page.waitForFunction(async () => {
    const copies = await caches.open("besace-copies");
    const kept = await Promise.all(["/api/v1/home", "/api/v1/session"].map((path) => copies.match(path, { ignoreVary: true })));
    return kept.every((answer) => answer !== undefined);
  });
  return { account, visitor, page };
}

/** Whoever asks first, the person by this button or the page by itself, learns that the session is over. */
async function sentToSignIn(page, button) {
  const signInPage = page.waitForURL(SIGN_IN);
  await Promise.race([signInPage, button.click({ noWaitAfter: true })]);
  await signInPage;
}

test("without the server the last tiles open, and say from when they are", async () => {
  const { account, visitor, page } = await arrive();
  const main = page.getByRole("main");
  const names = await main.locator("a.bs-tile b").allInnerTexts();
  assert.ok(names.length > 5);
  await stop();
  await page.reload();
  await atHome(page, account);
  assert.deepEqual(await main.locator("a.bs-tile b").allInnerTexts(), names);
  const banner = page.getByRole("status").filter({ hasText: "Hors ligne depuis" });
  await banner.getByText(/Vous lisez la copie de \d+\sh/).waitFor();
  await look(page, "offline");
  await tree(page, "offline");

  // What is not kept says so, and the way back works.
  await page.getByRole("link", { name: "Annuaire", exact: true }).click();
  await page.getByText("L’annuaire n’a pas pu être lu").waitFor();
  await look(page, "offline-directory", { looks: ["light", "320"] });
  await page.getByRole("link", { name: "Tous les outils", exact: true }).click();
  await page.getByText(`${names.length} outils`).waitFor();

  await start();
  await sentToSignIn(page, banner.getByRole("button", { name: "Réessayer" }));
  visitor.expects(UNREACHABLE);
  await visitor.leave();
});

test("what was being written survives a reload, with the server and without", async () => {
  const { account, visitor, page } = await arrive();
  const name = page.getByLabel("Nom de l’outil");
  const url = page.getByLabel("Adresse", { exact: false });
  const purpose = page.getByLabel("À quoi il vous sert");
  await page.goto(address("/outils/demander"));
  await name.fill("Gestion des astreintes");
  await url.fill("https://astreintes.example/");
  await page.reload();
  assert.equal(await name.inputValue(), "Gestion des astreintes");
  await stop();
  await purpose.fill("Savoir qui appeler la nuit.");
  await page.reload();
  assert.equal(await name.inputValue(), "Gestion des astreintes");
  assert.equal(await url.inputValue(), "https://astreintes.example/");
  assert.equal(await purpose.inputValue(), "Savoir qui appeler la nuit.");
  // Sent to nobody, it is still there.
  const send = page.getByRole("button", { name: "Envoyer la demande" });
  await send.click();
  await page.getByRole("alert").waitFor();
  assert.equal(await name.inputValue(), "Gestion des astreintes");
  await look(page, "offline-request", { looks: ["light", "320"] });

  // Nor does a session that is over take it away.
  await start();
  await sentToSignIn(page, send);
  await signIn(page, demo, account);
  await page.goto(address("/outils/demander"));
  assert.equal(await purpose.inputValue(), "Savoir qui appeler la nuit.");
  await send.click();
  await page.getByText("Demande envoyée").waitFor();
  assert.equal(await name.inputValue(), "");
  await page.getByRole("region", { name: "Mes demandes" }).getByText("Gestion des astreintes").waitFor();
  // Claire Delmas administers her ministry: the request waits for herself too.
  await page.getByRole("link", { name: "Notifications, 1 non lue" }).waitFor();
  await look(page, "request");
  await tree(page, "request");
  await page.reload();
  assert.equal(await name.inputValue(), "");
  visitor.expects(UNREACHABLE);
  await visitor.leave();
});

test("signing out leaves nothing of the agent in the browser", async () => {
  const { account, visitor, page } = await arrive();
  await page.goto(address("/outils/demander"));
  await page.getByLabel("Nom de l’outil").fill("Un brouillon");
  await page.goto(address("/"));
  await atHome(page, account);
  await signOut(page);
  const left = await page.evaluate(async () => {
    const copies = (await caches.keys()).includes("besace-copies") ? await caches.open("besace-copies") : undefined;
    const kept = (await copies?.keys()) ?? [];
    return {
      copies: kept.map(({ url }) => new URL(url).pathname),
      drafts: Object.keys(localStorage).filter((key) => key.startsWith("besace-draft")),
    };
  });
  assert.deepEqual(left.copies.filter((path) => path !== "/api/v1/site"), []);
  assert.deepEqual(left.drafts, []);
  await stop();
  await page.goto(address("/"));
  await page.getByText("Vos outils n’ont pas pu être chargés").waitFor();
  const text = await page.locator("body").innerText();
  assert.ok(!text.includes(account.givenName), text);
  assert.ok(!text.includes("Courriel"), text);
  await start();
  visitor.expects(UNREACHABLE);
  await visitor.leave();
});
