// The pages of the administration before anything is written there: in every look, in both languages.

import { after, before, test } from "node:test";

import { enter, goTo, startWorkingDay } from "../lib/administration.mjs";
import { launch, look, tree } from "../lib/chromium.mjs";
import { press } from "../lib/keyboard.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startWorkingDay(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Name, address, title in French and in English, and what is there once the page is read. */
const PAGES = [
  ["overview", "", ["Vue d’ensemble", "Overview"], /^(Publier un outil|Publish a tool)/],
  ["tools", "/outils", ["Outils", "Tools"], /^(Créer un outil|Create a tool)/],
  ["tool-new", "/outils/nouveau", ["Publier un outil", "Publish a tool"], /^(Publier sans public|Publish without audience)/],
  ["requests", "/demandes", ["Demandes", "Requests"], /^(Aucune demande à traiter|No request to handle)/],
  ["announcements", "/annonces", ["Annonces", "Announcements"], /^(Écrire|Write)/],
  ["announcement-new", "/annonces/nouvelle", ["Écrire une annonce", "Write an announcement"], /^(Publier|Publish)/],
  ["agents", "/agents", ["Agents", "Agents"], /Léa Marchetti/],
  ["roles", "/agents/roles", ["Rôles et droits", "Roles and rights"], /Claire Delmas/],
  ["import", "/agents/import", ["Importer l’annuaire", "Import the directory"], /(modèle de fichier|template file)/],
  ["providers", "/fournisseurs", ["Fournisseurs d’identité", "Identity providers"], /interieur\.gouv\.fr/],
  ["provider-new", "/fournisseurs/nouveau", ["Brancher un fournisseur", "Plug in a provider"], /Keycloak/],
  ["organisation", "/organisation", ["Organisation", "Organisation"], /(SIRET)/],
];

test("every page of the administration is accessible in every look, in French and in English", async (t) => {
  const { visitor, page } = await enter(browser, demo, "claire.delmas");
  for (const [language, at] of [
    ["fr", 0],
    ["en", 1],
  ]) {
    if (language === "en") await page.getByRole("button", { name: /english/i }).click();
    for (const [name, path, titles, there] of PAGES) {
      await t.test(`${name}, ${language}`, async () => {
        await goTo(page, demo, path, titles[at]);
        await page.getByRole("main").getByText(there).first().waitFor();
        await look(page, `admin-${name}-${language}`, language === "fr" ? {} : { looks: ["light", "320"] });
        await tree(page, `admin-${name}-${language}`);
      });
    }
  }
  await visitor.leave();
});

test("who administers several administrations chooses for which one they act, and that stays", async () => {
  const { visitor, page } = await enter(browser, demo, "claire.delmas");
  await goTo(page, demo, "/agents", "Agents");
  const acting = page.getByRole("combobox", { name: "Vous agissez pour" });
  await acting.selectOption({ label: "Préfecture des Landes" });
  await page.getByText("Les agents de « Préfecture des Landes » que Besace connaît.").waitFor();
  await page.getByRole("row").filter({ hasText: "Sylvie Dupouy" }).waitFor();
  await page.getByRole("row").filter({ hasText: "Inès Fofana" }).waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("Les agents de « Préfecture des Landes » que Besace connaît.").waitFor();
  await visitor.leave();
});

test("on a small screen the menu of the administration opens by the keyboard and closes once chosen", async () => {
  const { visitor, page } = await enter(browser, demo, "claire.delmas");
  await page.setViewportSize({ width: 320, height: 720 });
  await goTo(page, demo, "/agents", "Agents");
  const menu = page.getByRole("navigation", { name: "Menu de l’administration" });
  const toggle = menu.getByRole("button", { name: "Menu de l’administration" });
  const requests = menu.getByRole("link", { name: "Demandes" });
  await requests.waitFor({ state: "hidden" });
  await press(page, toggle);
  await requests.waitFor();
  await look(page, "admin-menu", { looks: ["320"] });
  await press(page, requests);
  await page.getByRole("heading", { level: 1, name: "Demandes" }).waitFor();
  await requests.waitFor({ state: "hidden" });
  await visitor.leave();
});
