// An unmodified application of another project beside Besace: one sign-in for both.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { startApplication } from "../lib/application.mjs";
import { launch, person } from "../lib/chromium.mjs";
import { accountOf, atHome, giveAddress, givePassword, signIn } from "../lib/steps.mjs";

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

const whole = (account) => `${account.givenName} ${account.usualName}`;

test("who is signed in to the portal enters the application without a second password", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  await page.goto(application.home);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByText(whole(account)).waitFor();
  await visitor.leave();
});

test("who signs in to the application finds the portal open", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(application.home);
  await page.getByRole("link", { name: "Sign in" }).click();
  await giveAddress(page, account.email);
  await givePassword(page, account);
  await page.getByText(whole(account)).waitFor();
  assert.ok(page.url().startsWith(application.home));
  await page.goto(demo.baseUrl);
  await atHome(page, account);
  await visitor.leave();
});

test("who is not signed in is asked, and a closed application stays closed", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(application.home);
  assert.equal(await page.locator("#who").innerText(), "nobody");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("textbox", { name: /adresse/i }).waitFor();
  await page.goto(application.home);
  assert.equal(await page.locator("#who").innerText(), "nobody");
  await visitor.leave();
});
