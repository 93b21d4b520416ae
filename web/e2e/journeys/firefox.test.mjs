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

test("an agent signs in, is greeted and signs out in Firefox", async () => {
  const account = accountOf(demo);
  const page = await browser.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.setViewport({ width: 1280, height: 860 });

  await page.goto(new URL("/connexion", demo.baseUrl).href);
  await page.locator("input[type=email]").fill(account.email);
  await page.keyboard.press("Enter");
  await page.locator("input[type=password]").fill(account.password);
  await page.keyboard.press("Enter");
  await page.locator(`::-p-text(${account.givenName})`).wait();
  assert.equal(new URL(page.url()).pathname, "/");
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, "firefox-home.png") });

  await page.locator("header button[aria-haspopup=dialog][aria-label*='compte']").click();
  await page.locator('form[action="/deconnexion"] button').click();
  await page.waitForFunction(() => location.pathname.startsWith("/connexion"));
  assert.deepEqual(faults, []);
  await page.goto(demo.baseUrl);
  await page.locator("input[type=email]").wait();
  assert.match(new URL(page.url()).pathname, /^\/connexion/);
});
