// Requests: an agent asks for a tool; a tool for another administration's agents waits until that
// administration agrees.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  enter,
  goTo,
  organisationNamed,
  publishedTool,
  startWorkingDay,
  tileOf,
  timeUntil,
} from "../lib/administration.mjs";
import { launch, look, tree } from "../lib/chromium.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startWorkingDay(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const address = (path) => new URL(path, demo.baseUrl).href;
const button = (page, name) => page.getByRole("button", { name });
const textbox = (page, name) => page.getByRole("textbox", { name, exact: true });

/** An agent asks for a tool; it is said to wait. */
async function ask(page, { name, purpose }) {
  await page.goto(address("/outils/demander"));
  await page.getByRole("textbox", { name: /^Nom de l’outil/ }).fill(name);
  await page.getByRole("textbox", { name: /^Adresse/ }).fill("https://plans.interieur.gouv.fr/");
  await page.getByRole("textbox", { name: /^À quoi il vous sert/ }).fill(purpose);
  await button(page, "Envoyer la demande").click();
  await page.getByText("Demande envoyée").waitFor();
  await mine(page, name, "En attente").waitFor();
}

/** One's own request, in a state. */
const mine = (page, name, state) =>
  page.getByRole("listitem").filter({ hasText: name }).filter({ hasText: state });

/** Waits until the bell says how many notices are unread. */
const bell = (page, words) => page.getByRole("link", { name: `Notifications, ${words}` }).waitFor();

/** What an administrator has to answer. */
const received = (page, name) => page.getByRole("main").locator("li.bs-card").filter({ hasText: name });

test("an agent asks for a tool; the administrator accepts, which makes a draft; the agent is told", async () => {
  const lea = await enter(browser, demo, "lea.marchetti");
  const claire = await enter(browser, demo, "claire.delmas");
  await goTo(claire.page, demo, "/demandes", "Demandes");
  await claire.page.getByRole("heading", { name: "Aucune demande à traiter" }).waitFor();

  await ask(lea.page, { name: "Plans des bâtiments", purpose: "Préparer les visites de sécurité" });
  await look(lea.page, "requests-asked");
  await tree(lea.page, "requests-asked");
  // The page of the administrator was open: it says so by itself.
  const card = received(claire.page, "Plans des bâtiments");
  await card.getByText("Léa Marchetti demande que cet outil soit publié.").waitFor();
  await card.getByText("Préparer les visites de sécurité").waitFor();
  await claire.page.getByRole("link", { name: /^Demandes.*1/ }).waitFor();
  await bell(claire.page, "1 non lue");
  await look(claire.page, "requests-received");
  await tree(claire.page, "requests-received");

  await card.getByRole("button", { name: "Accepter et créer un brouillon" }).click();
  await claire.page.getByText("Acceptée. Un brouillon d’outil vous attend.").waitFor();
  await claire.page.getByRole("link", { name: "Voir les outils" }).click();
  const row = claire.page.getByRole("row").filter({ hasText: "Plans des bâtiments" });
  await row.getByText("Brouillon").waitFor();
  await look(claire.page, "requests-drafts");
  await tree(claire.page, "requests-drafts");
  await row.getByRole("link", { name: "Plans des bâtiments" }).click();
  const url = textbox(claire.page, "Adresse");
  await url.waitFor();
  assert.equal(await url.inputValue(), "https://plans.interieur.gouv.fr/");

  // The page of whoever asked was open too.
  await mine(lea.page, "Plans des bâtiments", "Acceptée").waitFor();
  await lea.page.goto(address("/notifications"));
  await lea.page.getByText(/Plans des bâtiments/).first().waitFor();
  await claire.visitor.leave();
  await lea.visitor.leave();
});

test("a refusal carries its reason to whoever asked", async () => {
  const lea = await enter(browser, demo, "lea.marchetti");
  const claire = await enter(browser, demo, "claire.delmas");
  await ask(lea.page, { name: "Messagerie privée", purpose: "Écrire à des partenaires" });
  await goTo(claire.page, demo, "/demandes", "Demandes");
  const card = received(claire.page, "Messagerie privée");
  await card.getByRole("button", { name: "Refuser" }).click();
  const dialog = claire.page.getByRole("dialog", { name: "Refuser « Messagerie privée »" });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Refuser et envoyer le motif" }).click();
  await dialog.getByText("Un motif aide à comprendre le refus.").waitFor();
  await look(claire.page, "requests-refusal");
  await dialog.getByRole("textbox", { name: "Motif du refus" }).fill("Le courriel du ministère suffit.");
  await dialog.getByRole("button", { name: "Refuser et envoyer le motif" }).click();
  await claire.page.getByText("Refusée. Votre motif est envoyé.").waitFor();
  const told = mine(lea.page, "Messagerie privée", "Refusée");
  await told.getByText("Le courriel du ministère suffit.").waitFor();
  await look(lea.page, "requests-refused");
  await button(claire.page, "Refusées").click();
  await received(claire.page, "Messagerie privée").getByText(/Le courriel du ministère suffit/).waitFor();
  await claire.visitor.leave();
  await lea.visitor.leave();
});

test("a tool for another administration's agents waits for its administrator, then appears there", async (t) => {
  const claire = await enter(browser, demo, "claire.delmas");
  const hugo = await enter(browser, demo, "hugo.castaing");
  const aicha = await enter(browser, demo, "aicha.benali");
  const ines = await enter(browser, demo, "ines.fofana");

  const { session } = claire;
  const home = session.agent.organisation.id;
  const elsewhere = await organisationNamed(session, "Ministère de l’Agriculture");
  const alone = (id) => ({ organisation: { id, subtree: false } });
  const name = "Alerte sanitaire";
  const id = await publishedTool(session, name, { audience: { any: [alone(home), alone(elsewhere)] } });
  // At once where Claire administers, later elsewhere.
  await tileOf(ines.page, name).waitFor();
  await goTo(claire.page, demo, `/outils/${id}`, name);
  await claire.page.getByText("et 4 de « Ministère de l’Agriculture » après accord").waitFor();
  await claire.page.getByText("Hugo Castaing, pour « Ministère de l’Agriculture ».").waitFor();
  const approvals = claire.page.locator("section").filter({ has: claire.page.getByRole("heading", { name: "Accords demandés" }) });
  await approvals.getByText("Attendu").waitFor();
  await look(claire.page, "requests-agreement-awaited");
  await tree(claire.page, "requests-agreement-awaited");
  const { categories } = await aicha.session.get("/api/v1/home");
  assert.ok(!JSON.stringify(categories).includes(name), "shown before the agreement");

  // Who asked cannot agree in the other's place.
  await hugo.page.getByRole("link", { name: /administration/i }).first().click();
  await hugo.page.getByRole("link", { name: /^Demandes/ }).click();
  const card = received(hugo.page, name);
  await card.getByText("Claire Delmas souhaite montrer cet outil à 4 de vos agents.").waitFor();
  await bell(hugo.page, "1 non lue");
  await look(hugo.page, "requests-agreement");
  await tree(hugo.page, "requests-agreement");
  const { items } = await hugo.session.get("/api/v1/admin/requests?state=pending");
  const request = items.find((one) => one.name === name);
  assert.equal((await session.ask("POST", `/api/v1/admin/requests/${request.id}/approve`)).status(), 403);

  const tile = tileOf(aicha.page, name);
  assert.equal(await tile.count(), 0);
  const milliseconds = await timeUntil(tile, () => card.getByRole("button", { name: "Donner l’accord" }).click());
  t.diagnostic(`the tile appeared ${milliseconds} ms after the agreement`);
  await hugo.page.getByText("Accord donné. Vos agents concernés voient la tuile.").waitFor();
  await approvals.getByText("Donné").waitFor();
  await look(aicha.page, "requests-agreed-home");

  for (const { visitor } of [claire, hugo, aicha, ines]) await visitor.leave();
});

test("an agreement that is refused shows the tool to nobody there, and says why to whoever asked", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const hugo = await enter(browser, demo, "hugo.castaing");
  const aicha = await enter(browser, demo, "aicha.benali");
  const elsewhere = await organisationNamed(claire.session, "Ministère de l’Agriculture");
  const name = "Registre des abattoirs";
  const audience = { organisation: { id: elsewhere, subtree: true } };
  const id = await publishedTool(claire.session, name, { audience });
  await goTo(hugo.page, demo, "/demandes", "Demandes");
  await received(hugo.page, name).getByRole("button", { name: "Refuser" }).click();
  const dialog = hugo.page.getByRole("dialog", { name: `Refuser « ${name} »` });
  await dialog.getByRole("textbox", { name: "Motif du refus" }).fill("Nos agents ont déjà cet outil.");
  await dialog.getByRole("button", { name: "Refuser et envoyer le motif" }).click();
  await hugo.page.getByText("Refusée. Votre motif est envoyé.").waitFor();
  await goTo(claire.page, demo, `/outils/${id}`, name);
  await claire.page.getByText("Nos agents ont déjà cet outil.").waitFor();
  const { categories } = await aicha.session.get("/api/v1/home");
  assert.ok(!JSON.stringify(categories).includes(name));
  for (const { visitor } of [claire, hugo, aicha]) await visitor.leave();
});
