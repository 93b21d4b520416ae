// The portal: greeting, tiles, language, theme, small screens, and leaving.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { press } from "../lib/keyboard.mjs";
import {
  accountOf,
  atHome,
  atProvider,
  firstName,
  giveAddress,
  SIGN_IN,
  signIn,
  signOut,
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

/** What the API says this person's home holds. */
async function homeOf(visitor) {
  const answer = await visitor.context.request.get(address("/api/v1/home"));
  assert.equal(answer.status(), 200);
  return answer.json();
}

test("the portal greets each agent by name and shows exactly the tiles meant for them", async () => {
  const seen = new Map();
  for (const provider of demo.identity.providers) {
    const account = accountOf(demo, provider.id);
    const visitor = await person(browser);
    const page = await visitor.tab();
    await signIn(page, demo, account);
    const home = await homeOf(visitor);
    const names = home.categories.flatMap((category) => category.tiles.map((tile) => tile.name));
    assert.ok(names.length > 0);
    for (const name of names) await page.getByRole("link", { name }).first().waitFor();
    seen.set(account.email, { names, text: await page.getByRole("main").innerText() });
    await look(page, `home-${provider.id}`);
    await visitor.leave();
  }
  // What another ministry's agent has and this one has not is absent from the page.
  const all = new Set([...seen.values()].flatMap(({ names }) => names));
  for (const [email, { names, text }] of seen) {
    for (const name of [...all].filter((one) => !names.includes(one))) {
      assert.ok(!text.includes(name), `${email} sees "${name}"`);
    }
  }
});

test("every page of the portal is accessible in every look", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  for (const [name, path] of [
    ["home", "/"],
    ["tools", "/outils"],
    ["not-found", "/nulle-part"],
  ]) {
    await page.goto(address(path));
    await page.getByRole("heading", { level: 1 }).waitFor();
    await look(page, name);
    await tree(page, name);
  }
  visitor.expects(/nulle-part.*404/);
  await visitor.leave();
});

test("every page outside a session is accessible in every look, in French and in English", async () => {
  for (const language of ["fr", "en"]) {
    const visitor = await person(browser, { locale: language === "fr" ? "fr-FR" : "en-GB" });
    const page = await visitor.tab();
    for (const [name, path] of [
      ["sign-in", "/connexion"],
      ["accessibility", "/accessibilite"],
      ["legal", "/mentions-legales"],
      ["privacy", "/donnees-personnelles"],
    ]) {
      const answer = await page.goto(address(path));
      assert.equal(answer.status(), 200, path);
      assert.equal(await page.locator("html").getAttribute("lang"), language, path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await look(page, `${name}-${language}`);
      await tree(page, `${name}-${language}`);
    }
    await visitor.leave();
  }
});

test("the real policy is on every page: no inline script, nothing from elsewhere", async () => {
  for (const path of ["/", "/connexion", "/accessibilite"]) {
    const { headers } = await fetch(address(path), { headers: { accept: "text/html" } });
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    const script = /script-src ([^;]*)/.exec(policy)?.[1] ?? "'none'";
    assert.doesNotMatch(script, /unsafe|\*|http/, path);
  }
});

test("the language changes on the spot and stays", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  const english = { name: /english|^en$/i };
  await page.getByRole("button", english).or(page.getByRole("link", english)).first().click();
  await page.locator('html[lang="en"]').waitFor();
  await page.reload();
  await page.locator('html[lang="en"]').waitFor();
  await page.getByRole("heading", { level: 1, name: firstName(account) }).waitFor();
  await look(page, "home-english");
  await page.goto(address("/accessibilite"));
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await visitor.leave();
});

test("the dark theme chosen once holds on the portal and on the sign-in page", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser, { colorScheme: "light" });
  await visitor.context.addCookies([
    { name: "besace-theme", value: "dark", url: demo.baseUrl, sameSite: "Lax" },
  ]);
  const page = await visitor.tab();
  await page.goto(address("/connexion"));
  assert.ok((await brightness(page)) < 64, "the sign-in page is light");
  await signIn(page, demo, account);
  assert.ok((await brightness(page)) < 64, "the portal is light");
  await look(page, "home-dark-chosen", { looks: ["light"] });
  await visitor.leave();
});

test("signing out ends the session here and at the ministry", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  await signOut(page);
  await look(page, "signed-out");
  await tree(page, "signed-out");
  const session = await visitor.context.request.get(address("/api/v1/session"));
  assert.equal(session.status(), 401);
  // The ministry asks for the password again: its own session is over too.
  await page.goto(address("/connexion"));
  await giveAddress(page, account.email);
  await page.locator('input[type="password"]').waitFor();
  assert.ok(atProvider(demo, account, page.url()));
  await visitor.leave();
});

test("what was open in another tab goes to the sign-in by itself once the session is over", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const [one, other] = [await visitor.tab(), await visitor.tab()];
  await signIn(one, demo, account);
  await other.goto(address("/"));
  await atHome(other, account);
  await signOut(one);
  await other.waitForURL(SIGN_IN);
  visitor.expects(/api\/v1\/\w+.*401/);
  await visitor.leave();
});

test("the keyboard alone opens the account and signs out", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  const banner = page.getByRole("banner");
  await press(page, banner.getByRole("button", { name: /compte|profil/i }));
  await press(page, page.getByRole("button", { name: /se déconnecter|déconnexion/i }));
  await page.waitForURL(SIGN_IN);
  await visitor.leave();
});

test("the first Tab offers to go to the content", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  await page.goto(address("/"));
  await atHome(page, account);
  await page.evaluate(() => document.body.focus());
  await page.keyboard.press("Tab");
  const focused = page.locator(":focus");
  assert.match(await focused.innerText(), /contenu/i);
  await page.keyboard.press("Enter");
  const inMain = await page.evaluate(() => location.hash || document.activeElement?.tagName);
  assert.ok(inMain);
  await visitor.leave();
});

test("a write without the session's token is refused", async () => {
  const account = accountOf(demo);
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, account);
  const answer = await visitor.context.request.post(address("/deconnexion"), {
    form: { csrf: "made-up" },
    maxRedirects: 0,
  });
  assert.ok(answer.status() >= 400, `answered ${answer.status()}`);
  const session = await visitor.context.request.get(address("/api/v1/session"));
  assert.equal(session.status(), 200);
  await visitor.leave();
});

/** How bright the ground of the page is, from 0 to 255. */
async function brightness(page) {
  const colour = await page.evaluate(() => {
    for (const element of [document.body, document.documentElement]) {
      const { backgroundColor } = getComputedStyle(element);
      if (!/, 0\)$|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  });
  const [red, green, blue] = colour.match(/\d+(\.\d+)?/g).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue;
}
