// Signing in at one's ministry, and what happens when it does not go straight.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { reach } from "../lib/keyboard.mjs";
import {
  accountOf,
  atHome,
  atProvider,
  giveAddress,
  givePassword,
  providerOf,
  SIGN_IN,
  signIn,
} from "../lib/steps.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const address = (path) => new URL(path, demo.baseUrl).href;

test("an agent of each ministry signs in at the ministry and comes home", async () => {
  assert.ok(demo.identity.providers.length >= 3);
  for (const provider of demo.identity.providers) {
    const account = accountOf(demo, provider.id);
    const visitor = await person(browser);
    const page = await visitor.tab();
    await page.goto(address("/connexion"));
    await giveAddress(page, account.email);
    await page.waitForURL((url) => atProvider(demo, account, url));
    await page.locator('input[type="password"]').waitFor();
    await look(page, `ministry-${provider.id}`);
    await givePassword(page, account);
    await atHome(page, account);
    assert.equal(new URL(page.url()).pathname, "/");
    await visitor.leave();
  }
});

test("who asks for a page first comes back to it", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/outils"));
  await page.waitForURL(SIGN_IN);
  await giveAddress(page, account.email);
  await givePassword(page, account);
  await page.waitForURL(address("/outils"));
  await page.getByRole("heading", { level: 1 }).waitFor();
  await visitor.leave();
});

test("the sign-in never sends a person to another site", async () => {
  const account = accountOf(demo);
  for (const elsewhere of ["https://example.org/", "//example.org/", "/\\example.org"]) {
    const visitor = await person(browser);
    const page = await visitor.tab();
    await page.goto(address(`/connexion?retour=${encodeURIComponent(elsewhere)}`));
    await giveAddress(page, account.email);
    await givePassword(page, account);
    await atHome(page, account);
    assert.equal(new URL(page.url()).origin, new URL(demo.baseUrl).origin);
    await visitor.leave();
  }
});

test("two tabs sign in at once, each to its end", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const [one, other] = [await visitor.tab(), await visitor.tab()];
  for (const page of [one, other]) {
    await page.goto(address("/connexion"));
    await giveAddress(page, account.email);
    await page.locator('input[type="password"]').waitFor();
  }
  await givePassword(one, account);
  await atHome(one, account);
  await givePassword(other, account);
  await atHome(other, account);
  await visitor.leave();
});

test("the back button after a sign-in does not end on an error", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  const refused = [];
  page.on("response", (answer) => {
    if (answer.request().isNavigationRequest() && answer.status() >= 400) {
      refused.push(`${answer.url()} answered ${answer.status()}`);
    }
  });
  for (let steps = 0; steps < 2; steps += 1) {
    await page.goBack();
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  assert.deepEqual(refused, []);
  // Nor has it harmed the session.
  const another = await visitor.tab();
  await another.goto(address("/"));
  await atHome(another, account);
  await visitor.leave();
});

test("a wrong password is refused by the ministry, and the right one still works", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  await giveAddress(page, account.email);
  await givePassword(page, account, "not the password");
  await page.getByRole("alert").first().waitFor();
  assert.ok(atProvider(demo, account, page.url()));
  await look(page, "ministry-wrong-password");
  await tree(page, "ministry-wrong-password");
  await givePassword(page, account);
  await atHome(page, account);
  visitor.expects(/status of 4\d\d/);
  await visitor.leave();
});

test("a mistyped domain gets the right one proposed", async () => {
  const account = accountOf(demo);
  const [name, domain] = account.email.split("@");
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  await giveAddress(page, `${name}@${domain.slice(0, -1)}`);
  await page.getByText(`Vouliez-vous dire ${domain}`, { exact: false }).waitFor();
  await look(page, "sign-in-suggestion");
  await tree(page, "sign-in-suggestion");
  await page.getByRole("button", { name: new RegExp(domain.replaceAll(".", "\\.")) }).click();
  await givePassword(page, account);
  await atHome(page, account);
  visitor.expects(/status of 4\d\d/);
  await visitor.leave();
});

test("an address of no administration is told so, in words", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  await giveAddress(page, "quelquun@exemple.org");
  await page.getByText(/exemple\.org/).first().waitFor();
  assert.ok(page.url().startsWith(demo.baseUrl));
  await look(page, "sign-in-unknown-domain");
  await tree(page, "sign-in-unknown-domain");
  visitor.expects(/status of 4\d\d/);
  await visitor.leave();
});

test("an agent finds the ministry in the list of administrations", async () => {
  const account = accountOf(demo);
  const provider = providerOf(demo, account);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  await page.getByRole("link", { name: /administration/i }).first().click();
  await page.waitForURL(/\/administrations$/);
  for (const one of demo.identity.providers) {
    await page.getByText(one.title, { exact: false }).first().waitFor();
  }
  await look(page, "administrations");
  await tree(page, "administrations");
  const named = { name: new RegExp(provider.title.replace(/[^\p{L}]/gu, "."), "iu") };
  await page.getByRole("button", named).or(page.getByRole("link", named)).first().click();
  await page.waitForURL((url) => atProvider(demo, account, url));
  await givePassword(page, account);
  await atHome(page, account);
  await visitor.leave();
});

test("without JavaScript every page of the sign-in works", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser, { javaScriptEnabled: false });
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  await page.getByRole("link", { name: /administration/i }).first().click();
  await page.getByText(demo.identity.providers[0].title, { exact: false }).first().waitFor();
  await page.goto(address("/connexion?lang=en"));
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.goto(address("/connexion?lang=fr"));
  await giveAddress(page, account.email);
  await givePassword(page, account);
  await page.waitForURL((url) => url.origin === new URL(demo.baseUrl).origin);
  const session = await visitor.context.request.get(address("/api/v1/session"));
  assert.equal(session.status(), 200);
  assert.equal((await session.json()).agent.email, account.email);
  await visitor.leave();
});

test("the keyboard alone signs in", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  await reach(page, page.locator("input[type=email]"));
  await page.keyboard.type(account.email);
  await page.keyboard.press("Enter");
  await page.locator('input[type="password"]').waitFor();
  await reach(page, page.locator("input[type=password]"));
  await page.keyboard.type(account.password);
  await page.keyboard.press("Enter");
  await atHome(page, account);
  await visitor.leave();
});
