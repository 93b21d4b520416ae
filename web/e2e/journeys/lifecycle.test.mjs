// The life of an account: suspended under open pages, opened again, closed, erased; and the
// sessions that agents end themselves.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { accountNamed, enter, goTo } from "../lib/administration.mjs";
import { startApplication } from "../lib/application.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { press, reach } from "../lib/keyboard.mjs";
import { signIn } from "../lib/steps.mjs";

const WITHIN_MS = 5_000;

let demo;
let browser;
let application;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  const [registered] = demo.identity.clients.filter((client) => client.redirectUris?.length > 0);
  application = await startApplication(registered, demo.identity.issuer);
});
after(async () => {
  await application?.stop();
  await browser?.close();
  await demo?.stop();
});

const button = (page, name) => page.getByRole("button", { name });
const title = (page, name) => page.getByRole("heading", { level: 1, name });

/** Opens the sheet of an agent from the list. */
async function openSheet(page, name) {
  await goTo(page, demo, "/agents", "Agents");
  await press(page, page.getByRole("link", { name }));
  await title(page, name).waitFor();
}

/** Makes a token on “Mon compte” by the keyboard; what the page shows once. */
async function makeToken(page) {
  await page.goto(new URL("/compte", demo.baseUrl).href);
  const own = page.getByRole("region", { name: "Jetons d’accès" });
  await own.getByText(/^Aucun programme n’agit en votre nom/).waitFor();
  await press(page, own.getByRole("button", { name: "Faire un jeton" }));
  const form = page.getByRole("dialog", { name: "Faire un jeton d’accès" });
  await reach(page, form.getByRole("textbox", { name: "Nom" }));
  await page.keyboard.type("Sauvegarde");
  await press(page, form.getByRole("checkbox", { name: "savoir à qui est le jeton" }), { key: "Space" });
  await look(page, "token-form");
  await tree(page, "token-form", form);
  await press(page, form.getByRole("button", { name: "Faire ce jeton" }));
  const once = page.getByRole("dialog", { name: /^Le jeton/ });
  const secret = await once.getByText(/^besace_/).textContent();
  await look(page, "token-once", { looks: ["light", "dark", "320"] });
  await press(page, once.getByRole("button", { name: "Je l’ai copié" }));
  await own.getByText("N’a jamais servi").waitFor();
  assert.equal(await page.getByText(secret).count(), 0, "it is shown once");
  return secret;
}

/** What a script that sends this is answered. */
async function scriptHas(secret) {
  const headers = { authorization: `Bearer ${secret}` };
  return (await fetch(new URL("/api/v1/account/token", demo.baseUrl), { headers })).status;
}

test("who is suspended is told in each open tab within five seconds, and their tokens open nothing", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const lea = await enter(browser, demo, "lea.marchetti");
  const secret = await makeToken(lea.page);
  assert.equal(await scriptHas(secret), 200);
  const tabs = [lea.page];
  for (const path of ["/outils", "/reglages"]) {
    const tab = await lea.visitor.tab();
    await tab.goto(new URL(path, demo.baseUrl).href);
    await tab.getByRole("heading", { level: 1 }).waitFor();
    tabs.push(tab);
  }
  // An application beside, with a token of hers.
  const beside = await lea.visitor.tab();
  await beside.goto(application.home);
  await beside.getByRole("link", { name: "Sign in" }).click();
  await beside.getByText("Léa Marchetti").waitFor();

  const { page } = claire;
  await openSheet(page, "Léa Marchetti");
  await page.getByText("Sessions ouvertes").waitFor();
  await page.getByText("savoir à qui est le jeton").waitFor();
  await look(page, "agent-sheet");
  await tree(page, "agent-sheet");
  await press(page, button(page, "Suspendre"));
  const dialog = page.getByRole("dialog", { name: "Suspendre Léa Marchetti" });
  await dialog.getByText("Sa session ouverte se ferme aussitôt.").waitFor();
  await look(page, "agent-suspend");
  await press(page, dialog.getByRole("button", { name: "Suspendre" }));
  await dialog.getByText("Écrivez pourquoi ce compte est suspendu.").waitFor();
  await reach(page, dialog.getByRole("textbox", { name: "Motif" }), { by: "Shift+Tab" });
  await page.keyboard.type("Badge perdu");
  const start = performance.now();
  await press(page, dialog.getByRole("button", { name: "Suspendre" }));
  const ended = (async () => {
    while ((await scriptHas(secret)) !== 401) await page.waitForTimeout(50);
  })();
  await Promise.all([ended, ...tabs.map((tab) => title(tab, "Votre compte est suspendu").waitFor())]);
  const took = performance.now() - start;
  assert.ok(took < WITHIN_MS, `each tab and the script, the last after ${Math.round(took)} ms`);
  await page.getByText("Le compte de Léa Marchetti est suspendu.").waitFor();
  await page.getByText(/par Claire Delmas$/).waitFor();
  await look(lea.page, "suspended", { looks: ["light", "dark", "320"] });
  await tree(lea.page, "suspended");

  assert.equal(await application.tokenOpens("Léa Marchetti"), false, "the application's token is refused");
  const asked = await lea.session.ask("GET", "/api/v1/session");
  assert.equal(asked.status(), 401);

  await press(page, page.getByRole("button", { name: "Rouvrir le compte" }));
  await page.getByText("Le compte de Léa Marchetti est rouvert.").waitFor();
  assert.equal(await scriptHas(secret), 401, "a token does not come back");
  await lea.page.getByRole("link", { name: "Se connecter avec une autre adresse" }).click();
  const back = await person(browser);
  const home = await back.tab();
  await signIn(home, demo, lea.account);
  await back.leave();
  for (const { visitor } of [claire, lea]) {
    visitor.expects(/status of 40[013]/);
    await visitor.leave();
  }
});

test("a departure is recorded, taken back from its note, and erased only once recorded", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const { page } = claire;
  await openSheet(page, "Nadia Benhamou");
  assert.equal(await button(page, "Effacer").count(), 0, "an open account is not erased");
  await press(page, button(page, "Enregistrer le départ"));
  const dialog = page.getByRole("dialog", { name: "Enregistrer le départ de Nadia Benhamou" });
  await press(page, dialog.getByRole("button", { name: "Enregistrer le départ" }));
  await page.getByText("Le départ de Nadia Benhamou est enregistré.").waitFor();
  await page.getByRole("button", { name: /^Annuler/ }).click();
  await page.getByText("Le compte de Nadia Benhamou est rouvert.").waitFor();
  await press(page, button(page, "Enregistrer le départ"));
  await press(page, dialog.getByRole("button", { name: "Enregistrer le départ" }));
  await press(page, button(page, "Effacer"));
  const erase = page.getByRole("dialog", { name: "Effacer Nadia Benhamou" });
  await erase.getByText(/Rien ne revient/).waitFor();
  await look(page, "agent-erase");
  await press(page, erase.getByRole("button", { name: "Effacer" }));
  await title(page, "Agents").waitFor();
  await page.getByText("Nadia Benhamou est en cours d’effacement.").waitFor();
  // The list as it was read before is shown until it has been read anew.
  await page.getByRole("link", { name: "Nadia Benhamou" }).waitFor({ state: "detached" });
  await claire.visitor.leave();
});

test("nobody acts on their own account, nor a neighbour on somebody else's", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const hugo = await enter(browser, demo, "hugo.castaing");
  await openSheet(claire.page, "Claire Delmas");
  await claire.page.getByText(/^Vous ne pouvez rien faire de ce compte/).waitFor();
  const target = `/api/v1/admin/agents/${claire.session.agent.id}`;
  assert.equal((await hugo.session.ask("GET", target)).status(), 403);
  const refused = await hugo.session.ask("POST", `${target}/suspend`, { reason: "Parce que" });
  assert.equal(refused.status(), 403);
  for (const { visitor } of [claire, hugo]) await visitor.leave();
});

test("from My account a session is ended elsewhere, and what an application received is taken back", async () => {
  const ines = await enter(browser, demo, "ines.fofana");
  const other = await person(browser);
  const elsewhere = await other.tab();
  const listening = elsewhere.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/v1/live");
  await signIn(elsewhere, demo, accountNamed(demo, "ines.fofana"));
  await listening;
  const beside = await ines.visitor.tab();
  await beside.goto(application.home);
  await beside.getByRole("link", { name: "Sign in" }).click();
  await beside.getByText("Inès Fofana").waitFor();

  const { page } = ines;
  await press(page, page.getByRole("banner").getByRole("button", { name: /mon compte/ }));
  await press(page, page.getByRole("link", { name: "Mon compte" }));
  await title(page, "Mon compte").waitFor();
  await page.getByText("celle-ci").waitFor();
  await look(page, "account");
  await tree(page, "account");
  await press(page, button(page, /^Fermer la session Chrome sous Linux/));
  await title(elsewhere, "Cette session a été fermée").waitFor();
  await look(elsewhere, "session-ended", { looks: ["light", "dark", "320"] });
  await page.getByText(/^La session Chrome sous Linux est fermée/).waitFor();

  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Télécharger mes données" }).click();
  const { identity, portal } = JSON.parse(await (await (await file).createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString()));
  assert.equal(identity.email, "ines.fofana@interieur.gouv.fr");
  assert.ok(Array.isArray(portal.favourites));

  await press(page, button(page, /^Retirer à /));
  const dialog = page.getByRole("dialog");
  await look(page, "account-withdraw");
  await press(page, dialog.getByRole("button", { name: "Retirer" }));
  await page.getByText("Vous n’êtes entré dans aucune application par Besace.").waitFor();
  other.expects(/status of 401/);
  await other.leave();
  await ines.visitor.leave();
});
