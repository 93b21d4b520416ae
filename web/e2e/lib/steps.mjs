// What people do, in their words: the one place that knows the names of fields and buttons.

import assert from "node:assert/strict";

/** The account of a ministry, or the first. */
export function accountOf(demo, providerId) {
  const found = demo.identity.accounts.find(
    (account) => providerId === undefined || account.provider === providerId,
  );
  assert.ok(found, `the demonstration has no account at ${providerId}`);
  return found;
}

/** Where the provider of an account answers. */
export function providerOf(demo, account) {
  return demo.identity.providers.find((provider) => provider.id === account.provider);
}

/** Whether an address is at the provider of this account. */
export function atProvider(demo, account, url) {
  return new URL(url).origin === new URL(providerOf(demo, account).issuer).origin;
}

/** The pages of the sign-in, whose path carries the visit's own key. */
export const SIGN_IN = /\/connexion(\/[a-z0-9]+)?(\?.*)?$/;

/** Types the address on Besace's page and goes on to the ministry. */
export async function giveAddress(page, email) {
  await page.getByRole("textbox", { name: /adresse/i }).fill(email);
  await page.getByRole("button", { name: /^continuer/i }).click();
}

/** Types the password on the ministry's page. */
export async function givePassword(page, account, password = account.password) {
  const field = page.locator('input[type="password"]');
  await field.waitFor();
  const name = page.locator('input[type="email"], input[type="text"]').first();
  if ((await name.count()) > 0 && (await name.inputValue()) === "") await name.fill(account.email);
  await field.fill(password);
  await page.locator('button[type="submit"], button:not([type])').first().click();
}

/** A whole sign-in that ends on the portal. */
export async function signIn(page, demo, account, { at = "/" } = {}) {
  await page.goto(new URL(at, demo.baseUrl).href);
  await giveAddress(page, account.email);
  await givePassword(page, account);
  await atHome(page, account);
}

/** The portal greets this person. */
export async function atHome(page, account) {
  const greeting = page.getByRole("heading", { level: 1, name: firstName(account) });
  await greeting.waitFor();
}

/** The given name by which the portal greets. */
export function firstName(account) {
  return new RegExp(account.givenName.replace(/[^\p{L}]/gu, "."), "iu");
}

/** Signs out from the menu of the account, and waits for the sign-in page. */
export async function signOut(page) {
  await openAccount(page);
  await page.getByRole("button", { name: /se déconnecter|déconnexion/i }).click();
  await page.waitForURL(SIGN_IN);
}

/** Opens the menu of the account in the bar. */
export async function openAccount(page) {
  const banner = page.getByRole("banner");
  await banner.getByRole("button", { name: /compte|profil/i }).click();
}
