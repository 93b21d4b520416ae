// Importing a directory: a dry run that names each fault, thousands of lines with their progress, and
// people who are found afterwards.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { enter, goTo, organisationNamed, startWorkingDay } from "../lib/administration.mjs";
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

const SIRET = "11001401600015";
const HEAD = "Nom;Prénom;Courriel;SIRET;Service;Téléphone";
const LINES = 5_000;

const button = (page, name) => page.getByRole("button", { name });
const address = (path) => new URL(path, demo.baseUrl).href;

/** A file as an old spreadsheet writes it: Latin-1 and semicolons. */
const file = (name, lines, { end = "\n" } = {}) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from([HEAD, ...lines, ""].join(end), "latin1"),
});

/** A line that nothing is wrong with. */
const agent = (number) =>
  `Lefèvre-${number};Zélie;zelie.lefevre${number}@interieur.gouv.fr;${SIRET};Direction générale de la sécurité civile;01 99 00 00 01`;

/** Opens the import from the list of agents, by the keyboard, and gives the file. */
async function give(page, files) {
  await goTo(page, demo, "/agents", "Agents");
  await press(page, page.getByRole("link", { name: "Importer l’annuaire" }));
  await page.getByRole("heading", { level: 1, name: "Importer l’annuaire" }).waitFor();
  await page.getByLabel(/^Choisir un fichier CSV/).setInputFiles(files);
  await page.getByText("Essai à blanc, rien n’est écrit").waitFor();
}

test("the dry run names each fault of the file, and writes nothing", async () => {
  const { visitor, page, session } = await enter(browser, demo, "claire.delmas");
  await goTo(page, demo, "/agents/import", "Importer l’annuaire");
  await look(page, "import-file");
  await tree(page, "import-file");
  await give(
    page,
    file("agents-novembre.csv", [
      agent(1),
      agent(2),
      agent(1),
      `Morel;Jean;j.morel@courriel.example;${SIRET};;`,
      "Kone;Sira;s.kone@interieur.gouv.fr;11001401600025;;",
      "Vidal;Ana;a.vidal@interieur.gouv.fr;1100140160001;;",
      `=HYPERLINK("http://example.org");Paul;p.martin@interieur.gouv.fr;${SIRET};;`,
      `;Rose;r.dupin@interieur.gouv.fr;${SIRET};;`,
    ], { end: "\r\n" }),
  );
  await page.getByText("8 lignes, LATIN-1, séparateur point-virgule.", { exact: false }).waitFor();
  const table = page.getByRole("table", { name: "Lignes en faute, dans l’ordre du fichier" });
  for (const [line, cause] of [
    ["4", "Déjà à la ligne 2"],
    ["5", "Domaine d’un autre fournisseur"],
    ["6", "Clé de contrôle fausse"],
    ["7", "13 chiffres sur 14"],
    ["8", "Formule de tableur"],
    ["9", "Valeur obligatoire"],
  ]) {
    const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: line, exact: true }) });
    await row.getByText(cause).waitFor();
  }
  await page.getByText("6 lignes en faute").waitFor();
  await button(page, "Importer 2 agents").waitFor();
  await look(page, "import-trial");
  await tree(page, "import-trial");
  // The lines at fault can be taken away, to be mended.
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    press(page, page.getByRole("link", { name: "Télécharger ces lignes" })),
  ]);
  const text = Buffer.concat(await (await download.createReadStream()).toArray()).toString();
  assert.equal(download.suggestedFilename(), "lignes-en-faute.csv");
  assert.ok(text.startsWith("\uFEFF"), "a spreadsheet knows it as UTF-8");
  const [head, ...rows] = text.trim().split("\r\n");
  assert.match(head, /^Nom;Prénom;Courriel;SIRET;Service;Téléphone;/, "the file's own columns, then ours");
  assert.equal(rows.length, 6);
  assert.match(text, /Formule de tableur/);
  assert.doesNotMatch(text, /(^|[;,"])=HYPERLINK/m, "a formula is given back as a text");
  const { items } = await session.get("/api/v1/people?q=Lefèvre");
  assert.deepEqual(items, []);
  await button(page, "Choisir un autre fichier").click();
  await page.getByLabel(/^Choisir un fichier CSV/).waitFor();
  await visitor.leave();
});

test("thousands of lines are imported with their progress, once, and the people are found", async (t) => {
  const { visitor, page, session } = await enter(browser, demo, "claire.delmas");
  const directory = file("annuaire.csv", Array.from({ length: LINES }, (_, at) => agent(at + 1)), { end: "\r\n" });
  await give(page, directory);
  await page.getByText(/^5\s000 lignes, LATIN-1/).waitFor();
  await page.getByRole("heading", { name: "Aucune ligne en faute" }).waitFor();
  const start = performance.now();
  await press(page, page.getByRole("button", { name: /^Importer 5\s000 agents$/ }));
  const bar = page.getByRole("progressbar", { name: /lignes sur 5\s000$/ });
  await bar.waitFor();
  await look(page, "import-running", { looks: ["light"] });
  await page.getByRole("heading", { name: "Import terminé" }).waitFor({ timeout: 120_000 });
  t.diagnostic(`${LINES} lines in ${Math.round(performance.now() - start)} ms`);
  await page.getByText(/^5\s000 agents sont à jour\s: 5\s000 fiches créées, 0 mises à jour\.$/).waitFor();
  await look(page, "import-done");
  await tree(page, "import-done");

  // The importer is told, wherever they are.
  await page.goto(address("/notifications"));
  await page.getByText(/import/i).first().waitFor();
  // The same file again makes no duplicate.
  await give(page, directory);
  await page.getByText(/^5\s000 inchangés, 0 nouveaux, 0 modifiés$/).waitFor();
  await visitor.leave();

  const lea = await enter(browser, demo, "lea.marchetti");
  await lea.page.goto(address("/annuaire"));
  await lea.page.getByRole("searchbox").fill("lefevre-4999");
  await lea.page.getByRole("link", { name: /Zélie Lefèvre-4999/ }).waitFor();
  await look(lea.page, "import-directory");
  await lea.visitor.leave();
});

test("a file that is too big is not sent, and one without the columns says which are missing", async () => {
  const { visitor, page } = await enter(browser, demo, "claire.delmas");
  await goTo(page, demo, "/agents/import", "Importer l’annuaire");
  const field = page.getByLabel(/^Choisir un fichier CSV/);
  await field.setInputFiles({ name: "gros.csv", mimeType: "text/csv", buffer: Buffer.alloc(5 * 1024 * 1024 + 1, "a") });
  await page.getByText(/^Ce fichier dépasse 5 Mo/).waitFor();
  await look(page, "import-too-big", { looks: ["light", "320"] });
  await field.setInputFiles({ name: "tournées.csv", mimeType: "text/csv", buffer: Buffer.from("ville;date\r\nPau;lundi\r\n") });
  await page.getByRole("alert").first().waitFor();
  await look(page, "import-no-columns");
  visitor.expects(/status of 422/);
  await visitor.leave();
});

test("a neighbour's administrator imports nothing here, and does not read what was sent", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const hugo = await enter(browser, demo, "hugo.castaing");
  const home = await organisationNamed(claire.session, "Ministère de l’Intérieur");
  await give(claire.page, file("agents.csv", [agent(1)]));
  const id = claire.page.url().split("/").at(-1);
  for (const [method, path] of [
    ["POST", `/api/v1/admin/imports?organisation=${home}`],
    ["GET", `/api/v1/admin/imports/${id}`],
    ["POST", `/api/v1/admin/imports/${id}/apply`],
    ["DELETE", `/api/v1/admin/imports/${id}`],
  ]) {
    const status = (await hugo.session.ask(method, path)).status();
    assert.ok([403, 404].includes(status), `${method} ${path}: ${status}`);
  }
  await hugo.page.goto(address(`/administration/agents/import/${id}`));
  await hugo.page.getByRole("heading", { name: /Cette page/ }).first().waitFor();
  hugo.visitor.expects(/status of 40[34]/);
  await hugo.visitor.leave();
  await claire.visitor.leave();
});
