// The accounts of a provider run here: an administrator invites somebody by keyboard, hands the link
// over since no mail leaves, helps them with a lost second factor, and removes the account.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { freePorts } from "../../../tests/peers/lib/demo.mjs";
import { serve } from "../../../tests/peers/lib/serve.mjs";
import { codeOf } from "../../../tests/peers/lib/totp.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { focused, press, reach } from "../lib/keyboard.mjs";

const MINISTRY = "11001401600015";
const PREFECTURE = "17400001000010";
const PASSWORD = "mot-de-passe-de-test";
const CHOSEN = "trois pommes vertes et un vélo";

const account = (number, name, given_name, usual_name) => ({
  subject: `0193000${number}-7c52-7b1d-8000-00000000000${number}`,
  uid: `uid-${name}`,
  email: `${name}@interieur.example`,
  password: PASSWORD,
  given_name,
  usual_name,
  population: "agent",
});
const CLAIRE = account(1, "claire.delmas", "Claire", "Delmas");
const YANN = account(2, "yann.kerbrat", "Yann", "Kerbrat");
const NADIA = { email: "nadia.benhamou@interieur.example", name: "Nadia Benhamou" };

let provider;
let browser;

before(async () => {
  const port = await freePorts(1);
  const config = {
    http: { listen: `127.0.0.1:${port}`, rate_exceptions: ["127.0.0.0/8", "::1/128"] },
    site: { name: "Ministère de l’Intérieur" },
    identity: {
      organisations: [
        { siret: MINISTRY, label: "Ministère de l’Intérieur", legal_category: "7113" },
        { siret: PREFECTURE, label: "Préfecture des Landes", parent: MINISTRY },
      ],
      local: { realm: "interieur", organisation: MINISTRY, accounts: [CLAIRE, YANN] },
      grants: [{ email: CLAIRE.email, role: "administrator", organisation: MINISTRY }],
    },
  };
  const baseUrl = `http://localhost:${port}`;
  [provider, browser] = await Promise.all([serve(config, { ready: `${baseUrl}/readyz` }), launch()]);
  provider.baseUrl = baseUrl;
});
after(async () => {
  await browser?.close();
  await provider?.stop();
});

const at = (path) => `${provider.baseUrl}${path}`;
const button = (page, name) => page.getByRole("button", { name });
const link = (page, name) => page.getByRole("link", { name });
const field = (page, name) => page.getByRole("textbox", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** Types into a field, by keyboard. */
async function type(page, control, text) {
  await reach(page, control);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Address and password, by keyboard. */
async function signIn(page, email, password) {
  await type(page, field(page, "Adresse électronique"), email);
  await type(page, page.getByLabel("Mot de passe", { exact: true }), password);
  await page.keyboard.press("Enter");
}

/** Adds a second factor, by keyboard. */
async function enrol(page, password) {
  await press(page, link(page, "Ajouter un second facteur"));
  await type(page, page.getByLabel("Votre mot de passe"), password);
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: /Image à scanner/ }).waitFor();
  const secret = await page.locator(".bs-key").innerText();
  await type(page, page.getByRole("textbox", { name: /Nom du second facteur/ }), "Téléphone de service");
  await type(page, page.getByRole("textbox", { name: /Code à six chiffres/ }), codeOf(secret));
  await page.keyboard.press("Enter");
  await press(page, link(page, /Je les ai gardés/));
  await said(page, "Le second facteur est ajouté.");
}

/** Agrees in the dialog of an act. */
async function agree(page, title, act) {
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.waitFor();
  await press(page, dialog.getByRole("button", { name: act }));
  await dialog.waitFor({ state: "hidden" });
}

/** What came of an act. */
const said = (page, words) => page.getByText(words).waitFor();

test("an administrator invites by keyboard, helps, and removes; the person comes in and goes", async () => {
  const claire = await person(browser);
  const page = await claire.tab();
  await page.goto(at("/compte"));
  await signIn(page, CLAIRE.email, PASSWORD);
  await heading(page, "Mon compte").waitFor();
  await press(page, link(page, "Administrer les comptes"));
  await heading(page, "Comptes").waitFor();
  await link(page, "Yann Kerbrat").waitFor();
  await look(page, "accounts");
  await tree(page, "accounts");

  // A search without a result says so, and is cleared.
  await type(page, page.getByRole("searchbox"), "zzz");
  await said(page, "Aucun compte ne répond à cette recherche");
  await press(page, button(page, "Effacer la recherche"));
  await link(page, "Yann Kerbrat").waitFor();

  await press(page, link(page, "Inviter une personne"));
  await focused(heading(page, "Inviter une personne"));
  await press(page, button(page, "Envoyer l’invitation"));
  await focused(field(page, "Adresse électronique"));
  await look(page, "accounts-invite-missing");
  await tree(page, "accounts-invite-missing");
  await page.keyboard.type(NADIA.email);
  await type(page, field(page, "Prénom"), "Nadia");
  await type(page, field(page, "Nom"), "Benhamou");
  await type(page, field(page, "Service (facultatif)"), "Bureau des archives");
  await page.keyboard.press("Enter");
  const handed = page.getByRole("dialog", { name: "Le lien à remettre" });
  await handed.waitFor();
  const address = await handed.locator("code").innerText();
  await look(page, "accounts-link");
  // What is shown once does not go by a key pressed too soon.
  await page.keyboard.press("Escape");
  assert.ok(await handed.isVisible());
  await press(page, handed.getByRole("button", { name: "Je l’ai copié" }));
  await heading(page, NADIA.name).waitFor();
  await page.getByText("Invitation en attente").waitFor();
  await look(page, "accounts-waiting");
  await tree(page, "accounts-waiting");

  const nadia = await person(browser);
  const hers = await nadia.tab();
  await hers.goto(address);
  await type(hers, hers.locator('input[type="password"]').first(), CHOSEN);
  await hers.keyboard.press("Enter");
  await heading(hers, "Votre mot de passe est choisi").waitFor();
  await hers.goto(at("/compte"));
  await signIn(hers, NADIA.email, CHOSEN);
  await heading(hers, "Mon compte").waitFor();
  assert.equal(await link(hers, "Administrer les comptes").count(), 0);

  // Without a second factor there is none to reset.
  await page.reload();
  await page.getByText("Ouvert", { exact: true }).waitFor();
  assert.equal(await button(page, "Réinitialiser le second facteur").count(), 0);
  await enrol(hers, CHOSEN);

  await page.reload();
  await page.getByText("Ouvert", { exact: true }).waitFor();
  assert.equal(await button(page, "Renvoyer l’invitation").count(), 0);
  await press(page, button(page, "Réinitialiser le second facteur"));
  await page.getByRole("dialog").waitFor();
  await look(page, "accounts-reset");
  await tree(page, "accounts-reset", page.getByRole("dialog"));
  await agree(page, /Réinitialiser le second facteur de/, "Réinitialiser le second facteur");
  await said(page, /Le second facteur de Nadia Benhamou est réinitialisé/);
  await page.getByText("À ajouter à la prochaine connexion").waitFor();
  await hers.goto(at("/compte"));
  await heading(hers, "Cette session a été fermée").waitFor();
  await press(hers, link(hers, "Se connecter à nouveau"));
  await field(hers, "Adresse électronique").waitFor();

  await press(page, button(page, "Retirer le compte"));
  await look(page, "accounts-remove");
  await agree(page, /Retirer le compte de/, "Retirer le compte");
  await heading(page, "Comptes").waitFor();
  await link(page, "Yann Kerbrat").waitFor();
  assert.equal(await link(page, NADIA.name).count(), 0);
  await signIn(hers, NADIA.email, CHOSEN);
  await hers.getByRole("alert").waitFor();
  await nadia.leave();

  // An administration without an account says what to do next; everything is read in English too.
  await page.getByRole("combobox", { name: "Vous agissez pour" }).selectOption({ label: "Préfecture des Landes" });
  await said(page, "Aucun compte pour l’instant");
  await look(page, "accounts-none");
  await press(page, button(page, "EN, English"), { by: "Shift+Tab" });
  await heading(page, "Accounts").waitFor();
  await said(page, "No account yet");
  await tree(page, "accounts-none-english", page.getByRole("main"));
  await claire.leave();
});

test("what the configuration names is not removed, and one’s own account is left alone", async () => {
  const claire = await person(browser);
  const page = await claire.tab();
  await page.goto(at("/administration"));
  await signIn(page, CLAIRE.email, PASSWORD);
  await heading(page, "Comptes").waitFor();
  await press(page, link(page, "Yann Kerbrat"));
  await said(page, /Ce compte vient de la configuration/);
  assert.equal(await button(page, "Retirer le compte").count(), 0);
  await look(page, "accounts-configured");
  await page.goBack();
  await press(page, link(page, "Claire Delmas"));
  await said(page, /Vous ne pouvez rien faire de ce compte/);
  await claire.leave();
});

test("an agent who administers nothing is told who could open the page", async () => {
  const yann = await person(browser);
  const page = await yann.tab();
  await page.goto(at("/administration/comptes"));
  await signIn(page, YANN.email, PASSWORD);
  await said(page, "Cette page est réservée aux administrateurs");
  await look(page, "accounts-refused");
  await tree(page, "accounts-refused");
  await press(page, link(page, "Revenir à mon compte"));
  await heading(page, "Mon compte").waitFor();
  await yann.leave();
});
