// A second factor at a ministry that signs its agents in with a password: added by keyboard, asked
// at each sign-in, good for once, lost and replaced.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { codeOf, stepAt } from "../../../tests/peers/lib/totp.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { press, reach } from "../lib/keyboard.mjs";
import { atHome, giveAddress, givePassword, providerOf } from "../lib/steps.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const named = (name) => demo.identity.accounts.find(({ email }) => email.startsWith(name));
const ministryOf = (account) => new URL(providerOf(demo, account).issuer).origin;
const button = (page, name) => page.getByRole("button", { name });
const field = (page, name) => page.getByRole("textbox", { name });
const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** Types into a field, by keyboard. */
async function type(page, control, text) {
  await reach(page, control);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Address and password on the ministry's page, by keyboard. */
async function signInAt(page, account) {
  await type(page, field(page, "Adresse électronique"), account.email);
  await type(page, page.getByLabel("Mot de passe", { exact: true }), account.password);
  await page.keyboard.press("Enter");
}

async function signOut(page, account) {
  await page.goto(`${ministryOf(account)}/deconnexion`);
  await press(page, button(page, "Se déconnecter"));
  await heading(page, "La session est fermée").waitFor();
}

/** Adds a factor by keyboard; answers the secret and the recovery codes shown. */
async function enrol(page, account, { pictured = false } = {}) {
  await press(page, page.getByRole("link", { name: "Ajouter un second facteur" }));
  await heading(page, "Ajouter un second facteur").waitFor();
  if (pictured) {
    await look(page, "second-factor-prove");
    await tree(page, "second-factor-prove");
  }
  await type(page, page.getByLabel("Votre mot de passe"), account.password);
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: /Image à scanner/ }).waitFor();
  const secret = await page.locator(".bs-key").innerText();
  if (pictured) {
    await look(page, "second-factor-secret");
    await type(page, field(page, /Code à six chiffres/), "000000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await look(page, "second-factor-secret-wrong");
  }
  await type(page, field(page, /Nom du second facteur/), "Téléphone de service");
  await type(page, field(page, /Code à six chiffres/), codeOf(secret));
  await page.keyboard.press("Enter");
  await heading(page, "Vos codes de secours").waitFor();
  const codes = await page.getByRole("list", { name: "Codes de secours" }).getByRole("listitem").allInnerTexts();
  assert.equal(codes.length, 10);
  if (pictured) await look(page, "second-factor-codes");
  await press(page, page.getByRole("link", { name: /Je les ai gardés/ }));
  await page.getByRole("status").getByText("Le second facteur est ajouté.").waitFor();
  return { secret, codes };
}

/** Where a sign-in asks for a code: gives one. */
async function giveCode(page, code) {
  await heading(page, "Le code de votre second facteur").waitFor();
  await type(page, field(page, /Code à six chiffres/), code);
  await page.keyboard.press("Enter");
}

test("a factor is added by keyboard, asked at the next sign-in, and its code is good for once", async () => {
  const account = named("thomas.le-gall");
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(`${ministryOf(account)}/compte`);
  await look(page, "second-factor-ministry");
  await signInAt(page, account);
  await heading(page, "Mon compte").waitFor();
  await look(page, "second-factor-account-none");
  await tree(page, "second-factor-account-none");
  const { secret, codes } = await enrol(page, account, { pictured: true });
  await look(page, "second-factor-account");
  await tree(page, "second-factor-account");
  await press(page, page.getByRole("link", { name: /Téléphone de service/ }));
  await heading(page, "Téléphone de service").waitFor();
  await look(page, "second-factor-one");
  await tree(page, "second-factor-one");
  await signOut(page, account);

  // The next half minute's code is taken already: no need to wait for it.
  const step = stepAt() + 1;
  await page.goto(`${ministryOf(account)}/compte`);
  await signInAt(page, account);
  await heading(page, "Le code de votre second facteur").waitFor();
  await look(page, "second-factor-asked");
  await tree(page, "second-factor-asked");
  await giveCode(page, codeOf(secret, step));
  await heading(page, "Mon compte").waitFor();
  await signOut(page, account);

  await page.goto(`${ministryOf(account)}/compte`);
  await signInAt(page, account);
  await giveCode(page, codeOf(secret, step));
  await page.getByRole("alert").waitFor();
  await look(page, "second-factor-refused");
  // The telephone is lost: a recovery code instead, as it was written down.
  await giveCode(page, codes[0].toUpperCase());
  await heading(page, "Mon compte").waitFor();
  await page.getByText("Il vous en reste 9.").waitFor();
  await press(page, page.getByRole("link", { name: /Téléphone de service/ }));
  const removal = page.getByRole("region", { name: "Retirer" });
  await type(page, removal.getByRole("textbox"), codes[1]);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Le second facteur est retiré.").waitFor();
  const again = await enrol(page, account);
  assert.notEqual(again.secret, secret);
  await signOut(page, account);
  await page.goto(`${ministryOf(account)}/compte`);
  await signInAt(page, account);
  await giveCode(page, codes[2]);
  await page.getByRole("alert").waitFor();
  await giveCode(page, codeOf(again.secret, stepAt() + 1));
  await heading(page, "Mon compte").waitFor();
  await visitor.leave();
});

test("an agent with a second factor comes home to Besace by password and code", async () => {
  const account = demo.identity.accounts.find(({ totpSecret }) => totpSecret);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(demo.baseUrl);
  await giveAddress(page, account.email);
  await givePassword(page, account);
  await giveCode(page, codeOf(account.totpSecret));
  await atHome(page, account);
  await visitor.leave();
});

test("a forgotten password is chosen anew by a link in the mail", async () => {
  const account = named("aicha.benali");
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(`${ministryOf(account)}/compte`);
  await press(page, page.getByRole("link", { name: /Mot de passe oublié/ }));
  await heading(page, "Mot de passe oublié").waitFor();
  await look(page, "password-forgotten");
  await tree(page, "password-forgotten");
  await type(page, field(page, "Adresse électronique"), account.email);
  await page.keyboard.press("Enter");
  await heading(page, "Regardez votre messagerie").waitFor();
  await look(page, "password-sent");
  const link = await linkMailedTo(account);
  await page.goto(link);
  await heading(page, "Choisir un nouveau mot de passe").waitFor();
  await look(page, "password-choose");
  await tree(page, "password-choose");
  const password = page.getByLabel(/Nouveau mot de passe/);
  await type(page, password, "Motdepasse2026!");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await look(page, "password-weak");
  await type(page, password, "le vélo bleu roule vers la gare");
  await page.keyboard.press("Enter");
  await heading(page, "Votre mot de passe est choisi").waitFor();
  await page.goto(link);
  await heading(page, "Ce lien ne sert plus").waitFor();
  await look(page, "password-gone");
  await page.goto(`${ministryOf(account)}/compte`);
  await signInAt(page, { ...account, password: "le vélo bleu roule vers la gare" });
  await heading(page, "Mon compte").waitFor();
  await press(page, page.getByRole("link", { name: "Changer de mot de passe" }));
  await heading(page, "Changer de mot de passe").waitFor();
  await look(page, "password-change");
  await visitor.leave();
});

/** The link of the last mail to somebody, on the page of the demonstration's mails. */
async function linkMailedTo(account) {
  const origin = ministryOf(account).replaceAll(".", "\\.");
  const pattern = new RegExp(`${origin}/mot-de-passe/[\\w-]+`);
  for (let tries = 0; tries < 100; tries += 1) {
    const text = await (await fetch(demo.mail.page)).text();
    const found = text.includes(account.email) ? pattern.exec(text) : null;
    if (found) return found[0];
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no link was mailed to ${account.email}`);
}
