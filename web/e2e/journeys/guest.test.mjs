// A guest, from the mail to the end of the invitation: invited on a page, the link opened by a
// scanner first, one tool and nothing else, its application, the end under an open page, and the
// demand to come back in the inviter's inbox. Another is asked for a second factor, and loses it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CODE, INVITATION, mailHolding, mailsTo } from "../../../tests/peers/lib/mails.mjs";
import { codeOf, stepAt } from "../../../tests/peers/lib/totp.mjs";
import { enter, goTo, startWorkingDay, tileOf } from "../lib/administration.mjs";
import { startApplication } from "../lib/application.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { press, reach } from "../lib/keyboard.mjs";
import { sessionOf } from "../lib/session.mjs";
import { openAccount, signOut } from "../lib/steps.mjs";

const HELENE = "h.castaing@sdis40.example";
const NORA = "n.dufaut@mairie-sorde.example";
const WITHIN_MS = 5_000;
/** Where the shared tool answers: the last of the demonstration's own. */
const PORT = 47_311;

let demo;
let browser;
let application;

before(async () => {
  [demo, browser] = await Promise.all([startWorkingDay(), launch()]);
});
after(async () => {
  await application?.stop();
  await browser?.close();
  await demo?.stop();
});

const button = (page, name) => page.getByRole("button", { name });
const title = (page, name) => page.getByRole("heading", { level: 1, name });
const digits = (page) => page.getByRole("textbox", { name: "Code reçu par courriel" });

/** A tool of the ministry, open to guests, with its application. */
async function shareTool({ session }) {
  const organisation = session.agent.organisation.id;
  const { items } = await session.get("/api/v1/admin/categories");
  const tool = await session.call("POST", "/api/v1/admin/tools", {
    name: { fr: "Moyens de secours", en: "Rescue means" },
    description: { fr: "Engins et effectifs", en: "Vehicles and crews" },
    category: items[0].id,
    icon: "road-map-line",
    url: `http://localhost:${PORT}/`,
    reaches: ["internet"],
    organisation,
    audience: { organisation: { id: organisation, subtree: false } },
    guests: true,
  });
  const { clientId, secret } = await session.call("POST", `/api/v1/admin/tools/${tool.id}/application`, {
    redirectUris: [`http://localhost:${PORT}/retour`],
  });
  await session.call("POST", `/api/v1/admin/tools/${tool.id}/publish`, {});
  application = await startApplication(
    {
      clientId,
      clientSecret: secret,
      redirectUris: [`http://localhost:${PORT}/retour`],
      tokenEndpointAuthMethod: "client_secret_basic",
      idTokenAlg: "ES256",
    },
    demo.identity.issuer,
    { ahead: demo.ahead },
  );
}

/** The digits of the next mail to an address, asked for on the ordinary page. */
async function codeByAddress(page, address, before) {
  await page.getByRole("textbox", { name: /adresse/i }).fill(address);
  await press(page, button(page, /^Continuer/));
  await press(page, button(page, "Recevoir un code d’invité"));
  await title(page, "Entrer avec un code").waitFor();
  return mailHolding(demo, address, CODE, { not: before });
}

/** Types the digits of the mail, by keyboard. */
async function giveDigits(page, code) {
  await reach(page, digits(page));
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
}

/** Types a code of the second factor, by keyboard. */
async function giveFactor(page, code) {
  await reach(page, page.getByRole("textbox", { name: /Code à six chiffres/ }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
}

/** Fills a field of the form in by the keyboard. */
async function fill(page, name, text) {
  await reach(page, page.getByRole("textbox", { name }));
  await page.keyboard.type(text);
}

test("a guest comes by the mail, finds one tool and nothing else, and asks to come back", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  await shareTool(claire);
  const { page } = claire;

  // Claire invites.
  await openAccount(page);
  await press(page, page.getByRole("link", { name: "Invités" }));
  await title(page, "Invités").waitFor();
  await page.getByText("Vous n’avez invité personne").waitFor();
  await look(page, "guests-none", { looks: ["light", "320"] });
  await press(page, button(page, "Inviter quelqu’un"));
  await page.getByRole("heading", { name: "Nouvelle invitation" }).waitFor();
  await fill(page, "Adresse électronique", "hugo.castaing@agriculture.gouv.fr");
  await fill(page, "Prénom", "Hélène");
  await fill(page, /^Nom/, "Castaing");
  await fill(page, /^Organisation/, "SDIS 40");
  await fill(page, /^Pour quoi/, "Appui logistique");
  const tool = page.getByRole("checkbox", { name: "Moyens de secours" });
  await reach(page, tool);
  await page.keyboard.press("Space");
  await look(page, "guests-form");
  await tree(page, "guests-form", page.getByRole("main"));
  await press(page, button(page, "Envoyer l’invitation"));
  await page.getByText("Cette personne est agent\u00a0: elle peut se connecter.").waitFor();
  await page.getByRole("textbox", { name: /^Adresse/ }).fill(HELENE);
  await press(page, button(page, "Envoyer l’invitation"));
  await page.getByText("L’invitation de Hélène Castaing est partie.").waitFor();
  await page.getByText(/^Répond avant le/).waitFor();
  await look(page, "guests");
  await tree(page, "guests", page.getByRole("main"));

  // A scanner opens the link, twice.
  const link = await mailHolding(demo, HELENE, INVITATION);
  for (const method of ["GET", "HEAD", "GET"]) {
    const scanned = await fetch(link, { method });
    assert.equal(scanned.status, 200);
  }
  assert.equal((await mailsTo(demo, HELENE)).length, 1, "no code was sent for it");

  // Hélène enters.
  const helene = await person(browser);
  const hers = await helene.tab();
  await hers.goto(link);
  await title(hers, "Claire Delmas vous invite").waitFor();
  await look(hers, "guest-link");
  await tree(hers, "guest-link");
  await press(hers, button(hers, "Recevoir un code"));
  await title(hers, "Entrer avec un code").waitFor();
  await hers.getByText(/Nouvel envoi possible dans/).waitFor();
  await look(hers, "guest-code");
  const code = await mailHolding(demo, HELENE, CODE);
  await digits(hers).fill(code === "000 000" ? "111111" : "000000");
  await press(hers, button(hers, "Entrer"));
  await hers.getByRole("alert").getByText(/Il reste 4 essais/).waitFor();
  await look(hers, "guest-code-wrong", { looks: ["light", "dark"] });
  const listening = hers.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/v1/live");
  await digits(hers).fill(code);
  await press(hers, button(hers, "Entrer"));
  await title(hers, "Bonjour Hélène").waitFor();
  await listening;

  // One tool, and nothing else.
  await hers.getByRole("heading", { name: "Ce qui est partagé avec vous" }).waitFor();
  await tileOf(hers, "Moyens de secours").waitFor();
  assert.equal(await hers.locator("a.bs-tile").count(), 1);
  for (const absent of ["Annuaire", "Tous les outils"]) {
    assert.equal(await hers.getByRole("link", { name: absent }).count(), 0, absent);
  }
  await look(hers, "guest-home");
  await tree(hers, "guest-home");
  const session = await sessionOf(helene, demo);
  for (const path of ["/api/v1/people?q=delmas", "/api/v1/search?q=delmas", "/api/v1/organisations", "/api/v1/announcements"]) {
    const refused = await session.ask("GET", path);
    assert.equal(refused.status(), 403, path);
    assert.equal((await refused.json()).type, "/problems/guest-refused");
  }
  const found = await claire.session.get("/api/v1/people?q=castaing%20h%C3%A9l%C3%A8ne");
  assert.deepEqual(found.items, [], "nobody finds her");
  await openAccount(hers);
  await hers.getByText("SDIS 40, externe").waitFor();
  assert.equal(await hers.getByRole("link", { name: "Invités" }).count(), 0);
  await hers.keyboard.press("Escape");

  // The tool's application takes her for what she is; another does not let her in.
  const beside = await helene.tab();
  await beside.goto(application.home);
  await beside.getByRole("link", { name: "Sign in" }).click();
  await beside.getByText("Hélène Castaing").waitFor();
  const [foreign] = demo.identity.clients.filter((client) => client.redirectUris?.length > 0);
  const asked = new URL("/api/v2/authorize", demo.baseUrl);
  asked.search = new URLSearchParams({
    client_id: foreign.clientId,
    redirect_uri: foreign.redirectUris[0],
    response_type: "code",
    scope: "openid",
    state: "essai",
    prompt: "none",
  }).toString();
  const answer = await helene.context.request.get(asked.href, { maxRedirects: 0 });
  assert.match(answer.headers().location, /error=access_denied/);

  // Claire ends it: the open page lets go.
  await page.reload();
  await page.getByText("Ouvert", { exact: true }).waitFor();
  await press(page, button(page, "Mettre fin à l’invitation de Hélène Castaing"));
  const dialog = page.getByRole("dialog", { name: /Mettre fin à l’accès de Hélène Castaing/ });
  await look(page, "guests-end", { looks: ["light"] });
  const start = performance.now();
  await press(page, dialog.getByRole("button", { name: "Mettre fin à l’accès" }));
  await title(hers, "Votre invitation a pris fin").waitFor();
  const took = performance.now() - start;
  assert.ok(took < WITHIN_MS, `the page let go after ${Math.round(took)} ms`);
  await look(hers, "guest-ended", { looks: ["light", "dark", "320"] });
  assert.equal(await application.tokenOpens("Hélène Castaing"), false);

  // The link says why; she asks to come back.
  await hers.goto(link);
  await title(hers, "Ce lien est terminé").waitFor();
  await hers.getByText(/Claire Delmas a mis fin à votre accès/).waitFor();
  await look(hers, "guest-over");
  await tree(hers, "guest-over");
  await fill(hers, /^Pourquoi revenir/, "L’exercice est reporté");
  await press(hers, button(hers, "Demander un nouvel accès"));
  await hers.getByText("La demande est partie.").waitFor();

  await page.goto(new URL("/notifications", demo.baseUrl).href);
  await page.getByText("Hélène Castaing (SDIS 40) demande un nouvel accès", { exact: true }).waitFor();
  await page.getByText(/L’exercice est reporté/).waitFor();
  await press(page, page.getByRole("link", { name: /Inviter à nouveau/ }));
  await page.getByRole("heading", { name: "Nouvelle invitation" }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: /^Adresse/ }).inputValue(), HELENE);

  // The sponsor's administrators see her too.
  await page.goto(new URL("/administration/invites", demo.baseUrl).href);
  await title(page, "Invités").waitFor();
  await page.getByText("par qui l’a invité").waitFor();
  await look(page, "admin-guests");
  await tree(page, "admin-guests", page.getByRole("main"));

  helene.expects(/status of 40[0134]/);
  claire.visitor.expects(/status of 422/);
  await helene.leave();
  await claire.visitor.leave();
});

test("whoever types an address of no administration is offered a code, and told of nobody", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(new URL("/connexion", demo.baseUrl).href);
  await page.getByRole("textbox", { name: /adresse/i }).fill("personne@nulle-part.example");
  await press(page, button(page, /^Continuer/));
  await page.getByText(/Aucune administration n’utilise/).first().waitFor();
  await look(page, "guest-offer");
  await tree(page, "guest-offer");
  await press(page, button(page, "Recevoir un code d’invité"));
  await page.getByText(/Si cette adresse est celle d’un invité/).waitFor();
  await look(page, "guest-asked", { looks: ["light", "320"] });
  await visitor.leave();
});

test("a guest of whom a second factor is asked adds one, comes back with it, and has it reset when it is lost", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const { page, session } = claire;
  if (application === undefined) await shareTool(claire);

  // The administration asks.
  await goTo(page, demo, "/organisation", "Organisation");
  const asks = page.getByRole("switch", { name: /^Demander un second facteur aux invités/ });
  await reach(page, asks);
  await page.keyboard.press("Space");
  await press(page, button(page, "Enregistrer les changements"));
  await page.getByText("Enregistré", { exact: true }).waitFor();
  await look(page, "guest-factor-organisation");
  await tree(page, "guest-factor-organisation", page.getByRole("main"));

  // Nora comes by the mail, and adds a factor before anything is opened.
  const { tools } = await session.get("/api/v1/invitations/tools");
  const until = Date.now() + demo.ahead + 30 * 86_400_000;
  const nora = { email: NORA, givenName: "Nora", usualName: "Dufaut", organisation: "Mairie de Sorde", purpose: "Plan de secours" };
  await session.call("POST", "/api/v1/invitations", { ...nora, tools: [tools[0].id], until });
  const visitor = await person(browser, { ahead: demo.ahead });
  const hers = await visitor.tab();
  await hers.goto(await mailHolding(demo, NORA, INVITATION));
  await press(hers, button(hers, "Recevoir un code"));
  const first = await mailHolding(demo, NORA, CODE);
  await giveDigits(hers, first);
  await title(hers, "Ajouter un second facteur").waitFor();
  await hers.getByText(/demande un second facteur à ses invités/).waitFor();
  await look(hers, "guest-factor-add");
  const secret = await hers.locator(".bs-key").innerText();
  await giveFactor(hers, "000000");
  await hers.getByRole("alert").getByText(/Ce code n’est pas le bon/).waitFor();
  await look(hers, "guest-factor-add-wrong", { looks: ["light", "dark"] });
  const step = stepAt(Date.now() + demo.ahead);
  await giveFactor(hers, codeOf(secret, step));
  await title(hers, "Bonjour Nora").waitFor();

  // She leaves, and comes back with the mail's code and her own.
  await signOut(hers);
  await hers.goto(new URL("/connexion", demo.baseUrl).href);
  const second = await codeByAddress(hers, NORA, [first]);
  await giveDigits(hers, second);
  await title(hers, "Le code de votre second facteur").waitFor();
  await look(hers, "guest-factor-asked");
  await tree(hers, "guest-factor-asked");
  await giveFactor(hers, codeOf(secret, step));
  await hers.getByRole("alert").getByText(/il a déjà servi/).waitFor();
  const listening = hers.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/v1/live");
  await giveFactor(hers, codeOf(secret, step + 1));
  await title(hers, "Bonjour Nora").waitFor();
  await listening;

  // She loses it: Claire resets it, and the open page lets go.
  await page.goto(new URL("/invites", demo.baseUrl).href);
  await page.getByText(/^Second facteur depuis le/).waitFor();
  await look(page, "guest-factor-invites");
  await press(page, button(page, "Réinitialiser le second facteur de Nora Dufaut"));
  const dialog = page.getByRole("dialog", { name: /Réinitialiser le second facteur de Nora Dufaut/ });
  await dialog.waitFor();
  await look(page, "guest-factor-reset", { looks: ["light", "dark", "320"] });
  await tree(page, "guest-factor-reset", dialog);
  await press(page, dialog.getByRole("button", { name: "Réinitialiser le second facteur" }));
  await page.getByText("Le second facteur de Nora Dufaut est réinitialisé.").waitFor();
  await title(hers, "Votre second facteur a été réinitialisé").waitFor();
  await look(hers, "guest-factor-ended", { looks: ["light", "dark", "320"] });
  await page.getByText(/^Second facteur depuis le/).waitFor({ state: "detached" });
  await mailHolding(demo, NORA, /(a réinitialisé votre second facteur)/);

  // The mail alone opens nothing still.
  await press(hers, hers.getByRole("link", { name: "Se connecter à nouveau" }));
  await giveDigits(hers, await codeByAddress(hers, NORA, [first, second]));
  await title(hers, "Ajouter un second facteur").waitFor();
  const other = await hers.locator(".bs-key").innerText();
  assert.notEqual(other, secret);
  await giveFactor(hers, codeOf(other, stepAt(Date.now() + demo.ahead)));
  await title(hers, "Bonjour Nora").waitFor();

  // The sponsor's administrators find the same act.
  await goTo(page, demo, "/invites", "Invités");
  await button(page, "Réinitialiser le second facteur de Nora Dufaut").waitFor();
  await look(page, "guest-factor-admin", { looks: ["light", "320"] });
  visitor.expects(/status of 40[01]/);
  await visitor.leave();
  await claire.visitor.leave();
});
