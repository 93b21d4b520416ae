// Writing an announcement: by the keyboard, by somebody who announces and administers nothing else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { enter, goTo, startWorkingDay } from "../lib/administration.mjs";
import { launch, look, tree } from "../lib/chromium.mjs";
import { focused, press, reach } from "../lib/keyboard.mjs";

const TITLE = "Fermeture du parking nord vendredi";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startWorkingDay(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const button = (page, name) => page.getByRole("button", { name, exact: true });
const textbox = (page, name) => page.getByRole("textbox", { name, exact: true });
const news = (page) => page.getByRole("region", { name: "Annonces" });

test("an announcer writes by the keyboard alone, publishes, and sees who has read", async () => {
  const mathieu = await enter(browser, demo, "mathieu.lacaze");
  const sylvie = await enter(browser, demo, "sylvie.dupouy");
  const { page, visitor } = mathieu;
  const rail = page.getByRole("navigation", { name: "Navigation principale" });
  await press(page, rail.getByRole("link", { name: /^Admin/ }));
  await page.getByRole("heading", { level: 1, name: "Annonces" }).waitFor();
  await press(page, page.getByRole("link", { name: "Écrire une annonce" }));
  await page.getByRole("heading", { level: 1, name: "Écrire une annonce" }).waitFor();

  // What is missing is said by its field, and nothing is published.
  await press(page, button(page, "Publier sans public"));
  await focused(textbox(page, "Titre"));
  await page.getByText("Quelques champs sont à reprendre avant d’enregistrer.").waitFor();

  await page.keyboard.type(TITLE);
  await reach(page, textbox(page, "Texte"));
  await page.keyboard.type("Des travaux commencent à 8 h. Garez-vous place de la mairie.");
  await press(page, page.getByRole("radio", { name: /^Information/ }), { key: "ArrowDown" });
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.getByRole("radio", { name: /^Important/ }).isChecked());
  await press(page, page.getByRole("switch", { name: /^Demander une confirmation/ }), { key: "Space" });
  // The administration of whoever writes is there already.
  await press(page, button(page, "Ajouter un public"));
  await press(page, button(page, "Ajouter cette ligne"));
  await button(page, "Publier pour 3 agents").waitFor();
  await look(page, "announce-written");
  await tree(page, "announce-written");

  // A reload loses nothing of it.
  await page.reload();
  await page.getByText(/^Brouillon retrouvé, écrit le/).waitFor();
  assert.equal(await textbox(page, "Titre").inputValue(), TITLE);
  await press(page, button(page, "Publier pour 3 agents"));
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await page.getByText("Publiée", { exact: true }).waitFor();
  await look(page, "announce-published");

  // It comes to a page that is open, is read there, and its writer sees by whom.
  await press(sylvie.page, news(sylvie.page).getByRole("link", { name: TITLE }));
  const letter = sylvie.page.getByRole("article", { name: TITLE });
  await press(sylvie.page, letter.getByRole("button", { name: "J’ai lu" }));
  await letter.getByText("Lecture confirmée").waitFor();
  await goTo(page, demo, "/annonces", "Annonces");
  await press(page, page.getByRole("link", { name: `Voir les lecteurs de « ${TITLE} »` }));
  await page.getByText("1 agent sur 3 a confirmé sa lecture.").waitFor();
  await press(page, page.getByRole("button", { name: /^Ont confirmé/ }));
  await page.getByRole("row").filter({ hasText: "Sylvie Dupouy" }).waitFor();
  await look(page, "announce-readers");
  await tree(page, "announce-readers");
  await visitor.leave();
  await sylvie.visitor.leave();
});

test("an announcer withdraws what they wrote, once they have said so, and it leaves the open page", async () => {
  const mathieu = await enter(browser, demo, "mathieu.lacaze");
  const sylvie = await enter(browser, demo, "sylvie.dupouy");
  const { page } = mathieu;
  await news(sylvie.page).getByRole("link", { name: TITLE }).waitFor();
  await goTo(page, demo, "/annonces", "Annonces");
  await press(page, page.getByRole("link", { name: TITLE, exact: true }));
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await press(page, button(page, "Retirer l’annonce"));
  const dialog = page.getByRole("dialog", { name: "Retirer l’annonce" });
  await look(page, "announce-withdraw", { looks: ["light", "320"] });
  await press(page, dialog.getByRole("button", { name: "Retirer pour 3 agents" }));
  await page.getByText(/^Cette annonce a été retirée/).waitFor();
  await news(sylvie.page).getByText("Aucune annonce en cours").waitFor();
  await mathieu.visitor.leave();
  await sylvie.visitor.leave();
});

test("an agent without that role finds no way to write, and another administration's announcer none to this one", async () => {
  const lea = await enter(browser, demo, "lea.marchetti");
  const rail = lea.page.getByRole("navigation", { name: "Navigation principale" });
  assert.equal(await rail.getByRole("link", { name: /^Admin/ }).count(), 0);
  await lea.page.goto(new URL("/administration/annonces/nouvelle", demo.baseUrl).href);
  await lea.page.getByRole("heading", { name: "L’administration ne vous est pas ouverte" }).waitFor();
  await lea.visitor.leave();

  const hugo = await enter(browser, demo, "hugo.castaing");
  await goTo(hugo.page, demo, "/annonces", "Annonces");
  assert.equal(await hugo.page.getByText(TITLE).count(), 0);
  await hugo.visitor.leave();
});
