// Roles that are used only by whoever proved a second factor: an administrator with a password
// alone is led to one, and back to the page.

import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { codeOf } from "../../../tests/peers/lib/totp.mjs";
import { enter, goTo } from "../lib/administration.mjs";
import { launch, look, tree } from "../lib/chromium.mjs";
import { press, reach } from "../lib/keyboard.mjs";
import { givePassword } from "../lib/steps.mjs";

let demo;
let browser;

before(async () => {
  const args = ["--administration-level", "eidas2"];
  [demo, browser] = await Promise.all([startDemo({ args }), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("an administrator with a password alone is led to a second factor and back to the page", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const { page } = claire;
  await goTo(page, demo, "/agents?q=nadia", "Administration");
  await page.getByText("Un second facteur est demandé ici").waitFor();
  await look(page, "step-up");
  await tree(page, "step-up");
  await press(page, page.getByRole("link", { name: "Se connecter avec un second facteur" }));

  // The ministry knows her already; for this it asks again.
  await givePassword(page, claire.account);
  await page.getByRole("heading", { level: 1, name: "Ajouter un second facteur" }).waitFor();
  await look(page, "step-up-enrol");
  const secret = await page.locator(".bs-key").innerText();
  await reach(page, page.getByRole("textbox", { name: /Nom du second facteur/ }));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Téléphone de service");
  await reach(page, page.getByRole("textbox", { name: /Code à six chiffres/ }));
  await page.keyboard.type(codeOf(secret));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Vos codes de secours" }).waitFor();
  await press(page, page.getByRole("button", { name: /Je les ai gardés/ }));

  await page.waitForURL(new URL("/administration/agents?q=nadia", demo.baseUrl).href);
  await page.getByRole("heading", { level: 1, name: "Agents" }).waitFor();
  await page.getByRole("link", { name: "Nadia Benhamou" }).waitFor();
  claire.visitor.expects(/status of 403/);
  await claire.visitor.leave();
});

test("an agent without a role is asked for nothing more, and finds no administration", async () => {
  const lea = await enter(browser, demo, "lea.marchetti");
  const { page } = lea;
  await goTo(page, demo, "/agents", "Administration");
  await page.getByRole("heading", { name: "L’administration ne vous est pas ouverte" }).waitFor();
  lea.visitor.expects(/status of 403/);
  await lea.visitor.leave();
});
