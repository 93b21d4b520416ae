// The keys that do something on a page, listed by the question mark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { focused, press, reach } from "../lib/keyboard.mjs";
import { accountOf, signIn } from "../lib/steps.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const list = (page) => page.getByRole("dialog", { name: "Raccourcis du clavier" });

test("the question mark lists the keys, Escape closes the list, and the focus comes back", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, accountOf(demo));
  const tools = page.getByRole("link", { name: "Tous les outils" }).first();
  await reach(page, tools);
  await page.keyboard.press("?");
  await list(page).getByText("Déplacer un favori").waitFor();
  await look(page, "shortcuts");
  await tree(page, "shortcuts", list(page));
  await page.keyboard.press("Escape");
  await list(page).waitFor({ state: "hidden" });
  await focused(tools);

  // In a field it is a letter.
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Tous les outils" }).waitFor();
  await reach(page, page.getByRole("searchbox"));
  await page.keyboard.type("?");
  assert.equal(await page.getByRole("searchbox").inputValue(), "?");
  assert.equal(await list(page).count(), 0);
  await visitor.leave();
});

test("whoever switches single keys off finds the list in the search, without those keys", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await signIn(page, demo, accountOf(demo));
  await page.keyboard.press("?");
  await press(page, list(page).getByRole("link", { name: "Ouvrir les réglages" }));
  const title = page.getByRole("heading", { level: 1, name: "Réglages" });
  await title.waitFor();
  await focused(title);
  await press(page, page.getByRole("switch", { name: /^Raccourcis d’une seule touche/ }), { key: "Space" });
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await focused(page.getByRole("combobox", { name: "Un outil, une personne, une annonce" }));
  await page.keyboard.type("raccourcis");
  await page.getByRole("option", { name: /^Voir les raccourcis du clavier/ }).waitFor();
  await page.keyboard.press("Enter");
  await list(page).getByText(/^Vous avez coupé les raccourcis d’une seule touche/).waitFor();
  assert.equal(await list(page).getByText("Montrer cette liste").count(), 0);
  await look(page, "shortcuts-off", { looks: ["light", "320"] });
  await page.keyboard.press("Escape");
  await list(page).waitFor({ state: "hidden" });
  await visitor.leave();
});
