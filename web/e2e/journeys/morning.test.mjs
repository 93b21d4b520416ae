// A morning at the portal without a mouse: what waits, the tools of every day, the bell, the search.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { clockAt } from "../lib/clock.mjs";
import { focused, hasFocus, press, reach } from "../lib/keyboard.mjs";
import { sessionOf } from "../lib/session.mjs";
import { accountOf, atHome, signIn } from "../lib/steps.mjs";
import { programOf, publishTool } from "../lib/tool.mjs";

const HOUR = 3_600_000;
const morning = clockAt("2026-11-25T09:22");

let demo;
let browser;
/** The program of a tool that tells Claire. */
let orders;
/** One visit from the first test to the last, as one's morning is. */
let visitor;
let page;
let claire;

before(async () => {
  [demo, browser] = await Promise.all([startDemo({ args: morning.args }), launch()]);
  claire = accountOf(demo, "interieur");
  visitor = await person(browser, { ahead: morning.ahead });
  page = await visitor.tab();
  await signIn(page, demo, claire);
  const administrator = await sessionOf(visitor, demo);
  const tool = await publishTool(administrator, {
    name: { fr: "Ordres de mission", en: "Travel orders" },
    home: "https://ordres.example",
  });
  orders = await programOf(demo, tool.client);
  await orders.count(administrator.agent.id, 3);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const address = (path) => new URL(path, demo.baseUrl).href;
const button = (name) => page.getByRole("button", { name });
const heading = (name) => page.getByRole("heading", { level: 1, name });
const favourites = () => page.getByRole("region", { name: "Favoris" });
const bell = () => page.getByRole("banner").getByRole("link", { name: /^Notifications/ });
const note = () => page.getByRole("region", { name: "Ce qui vient d’être fait" });
const search = () => page.getByRole("button", { name: /Rechercher un outil/ });

/** The names of the favourites, in their order. */
const order = () => favourites().getByRole("listitem").locator("b, .bs-fav > span:first-of-type").allInnerTexts();

/** The favourites stand in this order, now or in a moment. */
async function ordered(expected) {
  const until = Date.now() + 5_000;
  while (Date.now() < until && String(await order()) !== String(expected)) await page.waitForTimeout(20);
  assert.deepEqual(await order(), expected);
}

test("the first page says what to begin with, and the keyboard goes there", async () => {
  await page.goto(address("/"));
  await heading("Bienvenue Claire").waitFor();
  await page.keyboard.press("Tab");
  assert.ok(await hasFocus(page.getByRole("link", { name: "Aller au contenu" })));
  await page.keyboard.press("Enter");
  await focused(page.locator("main"));
  const now = page.getByRole("region", { name: "Maintenant" });
  await look(page, "morning-first-day");
  await tree(page, "morning-first-day");
  await press(page, now.getByRole("link", { name: "Choisir mes favoris" }));
  await focused(heading("Tous les outils"));
});

test("a star makes a favourite, and what was done is undone without leaving the keyboard", async () => {
  for (const name of ["Courriel", "Cartographie", "Congés", "Assistance"]) {
    await press(page, button(`Favori : ${name}`), { key: "Space" });
    await note().getByText(`${name} est dans vos favoris`).waitFor();
  }
  const star = button("Favori : Assistance");
  // What is said and what is drawn come a moment apart.
  await page.getByRole("button", { name: "Favori : Assistance", pressed: true }).waitFor();
  await page.keyboard.press("F6");
  await focused(note().getByRole("button", { name: "Annuler" }));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Favori : Assistance", pressed: false }).waitFor();
  await focused(star);
  await look(page, "tools-with-favourites", { looks: ["light", "320"] });
});

test("favourites are put in order with buttons and with keys, and stay so", async () => {
  await press(page, page.getByRole("link", { name: "Accueil" }), { by: "Shift+Tab" });
  await focused(heading("Bonjour Claire"));
  await ordered(["Courriel", "Cartographie", "Congés"]);
  await press(page, button("Organiser les favoris"));
  await focused(button("Mettre Courriel en premier"));
  await look(page, "organise-favourites");
  await tree(page, "organise-favourites");

  await page.keyboard.press("Alt+ArrowDown");
  await page.getByText("Courriel est en position 2 sur 3").waitFor({ state: "attached" });
  assert.ok(await hasFocus(button("Mettre Courriel en premier")), "the focus moves with the row");
  await press(page, button("Monter Congés"));
  await page.getByText("Congés est en position 2 sur 3").waitFor({ state: "attached" });
  await ordered(["Cartographie", "Congés", "Courriel"]);
  await press(page, button("Mettre Congés en premier"), { by: "Shift+Tab" });
  await press(page, button("Retirer Cartographie des favoris"));
  await note().getByText("Cartographie n’est plus dans vos favoris").waitFor();
  await ordered(["Congés", "Courriel"]);
  await page.keyboard.press("F6");
  await press(page, note().getByRole("button", { name: "Annuler" }));
  await favourites().getByText("Cartographie").waitFor();
  await ordered(["Congés", "Cartographie", "Courriel"]);

  await press(page, button("Terminer"));
  await focused(button("Organiser les favoris"));
  await page.reload();
  await atHome(page, claire);
  await ordered(["Congés", "Cartographie", "Courriel"]);
});

test("F6 goes round the bar, the rail and the page, both ways", async () => {
  const places = ["header", "nav", "main"];
  const here = async () => {
    const tags = await page.evaluate(
      (all) => all.filter((tag) => document.activeElement?.closest(tag) !== null),
      places,
    );
    return tags[0];
  };
  await page.evaluate(() => document.activeElement?.blur());
  for (const place of [...places, "header"]) {
    await page.keyboard.press("F6");
    assert.equal(await here(), place);
  }
  for (const place of ["main", "nav"]) {
    await page.keyboard.press("Shift+F6");
    assert.equal(await here(), place);
  }
});

test("a tool tells the agent: the bell counts at once, and it stands under Maintenant", async () => {
  assert.equal(await bell().getAttribute("aria-label"), "Notifications");
  await orders.tell(claire.email, {
    title: { fr: "Un ordre de mission à signer", en: "A travel order to sign" },
    detail: { fr: "Mont-de-Marsan, 3 décembre", en: "Mont-de-Marsan, 3 December" },
    link: "https://ordres.example/ordres/om-1042",
    action: { fr: "Lire et signer", en: "Read and sign" },
    until: Date.parse("2026-11-25T18:00:00+01:00"),
  });
  await page.getByRole("link", { name: "Notifications, 1 non lue" }).waitFor();
  const now = page.getByRole("region", { name: "Maintenant" });
  await now.getByText("avant 18 h").waitFor();
  await reach(page, now.getByRole("link", { name: /^Lire et signer/ }));
  await orders.tell(claire.email, {
    title: "Barème des frais mis à jour",
    link: "https://ordres.example/bareme",
  });
  await page.getByRole("link", { name: "Notifications, 2 non lues" }).waitFor();
  await look(page, "morning");
  await tree(page, "morning");
});

test("the bell opens the notifications: read one, read all, and take it back", async () => {
  await press(page, bell());
  await focused(heading("Notifications"));
  await page.getByText("Barème des frais mis à jour").waitFor();
  await look(page, "notifications");
  await tree(page, "notifications");

  await press(page, button("Marquer comme lue : Barème des frais mis à jour"));
  const back = button("Marquer comme non lue : Barème des frais mis à jour");
  await focused(back);
  await page.getByRole("link", { name: "Notifications, 1 non lue" }).waitFor();
  await press(page, button("Tout marquer comme lu"), { by: "Shift+Tab" });
  await note().getByText("1 notification marquée comme lue").waitFor();
  await page.locator('header a[aria-label="Notifications"]').waitFor();
  // The button has gone with what it was for: the keyboard is still on the page.
  await page.keyboard.press("F6");
  await press(page, note().getByRole("button", { name: "Annuler" }));
  await page.getByRole("link", { name: "Notifications, 1 non lue" }).waitFor();
  await button("Marquer comme lue : Un ordre de mission à signer").waitFor();
});

test("Ctrl+K finds a tool, a person and a command by the arrows, and gives the focus back", async () => {
  const field = page.getByRole("combobox", { name: /Un outil, une personne/ });
  const chosen = (name) => page.getByRole("option", { name, selected: true });
  /** Opens the palette from here and looks for this. */
  const seek = async (words) => {
    await page.keyboard.press("Control+k");
    await focused(field);
    await page.keyboard.type(words);
  };

  await seek("cart");
  await chosen(/^Cartographie/).waitFor();
  await look(page, "palette");
  await tree(page, "palette", page.getByRole("dialog"));
  await page.keyboard.press("Escape");
  await focused(search());

  await seek("fofana");
  await chosen(/^Inès Fofana/).waitFor();
  await page.keyboard.press("Enter");
  await focused(heading("Inès Fofana"));
  assert.match(page.url(), /\/annuaire\/[0-9a-f-]{36}$/);
  await page.getByRole("link", { name: "ines.fofana@interieur.gouv.fr" }).waitFor();
  await look(page, "person");
  await tree(page, "person");

  // Down once and up once is where one was; up from the first line is the last.
  await page.keyboard.press("/");
  await focused(field);
  await page.keyboard.press("ArrowUp");
  await chosen(/^Se déconnecter/).waitFor();
  await page.keyboard.press("ArrowDown");
  const first = await page.getByRole("option").first().innerText();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.getByRole("option", { selected: true }).first().innerText(), first);
  await page.keyboard.type("annuaire");
  await chosen(/^Annuaire/).waitFor();
  await page.keyboard.press("Enter");
  await focused(heading("Annuaire"));
});

test("the directory finds by name and administration, by keyboard", async () => {
  const people = page.getByRole("list", { name: "Personnes trouvées" });
  await people.getByText("Sylvie Dupouy").waitFor();
  await look(page, "directory");
  await tree(page, "directory");
  await reach(page, page.getByRole("searchbox", { name: "Un nom, un service, une adresse" }));
  await page.keyboard.type("dupouy");
  await page.getByText("1 personne", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("q"), "dupouy");
  await press(page, people.getByRole("link", { name: /Sylvie Dupouy/ }));
  await focused(heading("Sylvie Dupouy"));
  await page.goBack();
  await people.getByText("Sylvie Dupouy").waitFor();
});

test("a tool found by the palette opens, and is among those opened lately", async () => {
  await page.goto(address("/"));
  await atHome(page, claire);
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: /Un outil, une personne/ });
  await focused(field);
  await page.keyboard.type("paie");
  await page.getByRole("option", { name: /^Paie/, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/demonstration\/paie$/);
  await page.goto(address("/"));
  const lately = page.getByRole("list", { name: "Ouverts récemment" });
  await lately.getByRole("link", { name: "Paie" }).waitFor();
  await look(page, "morning-recents", { looks: ["light", "320"] });
  // Nothing typed: the palette begins with it.
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /^Paie/, selected: true }).waitFor();
  await visitor.leave();
});
