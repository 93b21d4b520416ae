// The second browser of ministries' desks: Firefox ESR, over WebDriver BiDi.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import puppeteer from "puppeteer-core";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { accountOf } from "../lib/steps.mjs";

const PICTURES = fileURLToPath(new URL("../../../out/e2e", import.meta.url));

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([
    startDemo(),
    puppeteer.launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
      headless: true,
      extraPrefsFirefox: { "intl.accept_languages": "fr-FR, fr" },
    }),
  ]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** A page that remembers what its console said. */
async function open() {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.setViewport({ width: 1280, height: 860 });
  return { page, faults, leave: () => context.close() };
}

async function signIn(page, account) {
  await page.goto(new URL("/connexion", demo.baseUrl).href);
  await page.locator("input[type=email]").fill(account.email);
  await page.keyboard.press("Enter");
  await page.locator("input[type=password]").fill(account.password);
  await page.keyboard.press("Enter");
  await page.locator(`::-p-text(${account.givenName})`).wait();
  assert.equal(new URL(page.url()).pathname, "/");
}

async function picture(page, name) {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `firefox-${name}.png`) });
}

/** The name of what has the focus, as it is written. */
const focus = (page) =>
  page.evaluate(() => {
    const name = document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "";
    // Spaces that do not break a line are spaces.
    return name.replaceAll(/\s+/g, " ").trim();
  });

/** Goes on by Tab until something of this name has the focus. */
async function reach(page, name) {
  for (let step = 0; step < 120; step += 1) {
    if (name.test(await focus(page))) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reaches ${name}: ${await focus(page)}`);
}

/** A heading of the first level with this text. */
const heading = (page, text) =>
  page.waitForFunction((wanted) => document.querySelector("h1")?.textContent?.trim() === wanted, {}, text);

test("an agent signs in, is greeted and signs out in Firefox", async () => {
  const { page, faults, leave } = await open();
  await signIn(page, accountOf(demo));
  await picture(page, "home");

  await page.locator("header button[aria-haspopup=dialog][aria-label*='compte']").click();
  await page.locator('form[action="/deconnexion"] button').click();
  await page.waitForFunction(() => location.pathname.startsWith("/connexion"));
  assert.deepEqual(faults, []);
  await page.goto(demo.baseUrl);
  await page.locator("input[type=email]").wait();
  assert.match(new URL(page.url()).pathname, /^\/connexion/);
  await leave();
});

test("a morning by the keyboard alone in Firefox: favourites chosen and ordered, a tool found by the search", async () => {
  const { page, faults, leave } = await open();
  const account = accountOf(demo);
  await signIn(page, account);
  await heading(page, `Bienvenue ${account.givenName}`);
  await reach(page, /^Aller au contenu$/);
  await page.keyboard.press("Enter");
  await reach(page, /^Choisir mes favoris/);
  await page.keyboard.press("Enter");
  await heading(page, "Tous les outils");
  for (const name of ["Courriel", "Cartographie"]) {
    await reach(page, new RegExp(`^Favori : ${name}$`));
    await page.keyboard.press(" ");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-pressed") === "true");
  }
  await picture(page, "tools");

  await page.goto(demo.baseUrl);
  await heading(page, `Bonjour ${account.givenName}`);
  await reach(page, /^Organiser les favoris$/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Mettre Courriel en premier");
  await page.keyboard.down("Alt");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.up("Alt");
  await page.locator("::-p-text(Courriel est en position 2 sur 2)").wait();
  await reach(page, /^Terminer$/);
  await page.keyboard.press("Enter");

  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForFunction(() => document.activeElement?.matches("dialog input, [role=dialog] input") === true);
  await page.keyboard.type("cartog");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("[role=option]")].some((one) => one.textContent?.includes("Cartographie")),
  );
  await picture(page, "search");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector("dialog[open]") === null);
  assert.deepEqual(faults, []);
  await leave();
});
