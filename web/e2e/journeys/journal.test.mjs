// The journal: who did what, found by the keyboard, proved, exported and checked elsewhere; and to
// whom it stays closed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { program } from "../../../tests/peers/lib/demo.mjs";
import { enter, goTo, startWorkingDay } from "../lib/administration.mjs";
import { launch, look, tree } from "../lib/chromium.mjs";
import { hasFocus, press, reach } from "../lib/keyboard.mjs";

const run = promisify(execFile);

let demo;
let browser;
let folder;

before(async () => {
  [demo, browser, folder] = await Promise.all([startWorkingDay(), launch(), mkdtemp(join(tmpdir(), "journal-"))]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  await rm(folder, { recursive: true, force: true });
});

const row = (page, text) => page.getByRole("row").filter({ hasText: text });
const choice = (page, name) => page.getByRole("combobox", { name, exact: true });
const GIVEN = "Claire Delmas a donné à Léa Marchetti le rôle « Annonceur ».";

/** Gives a role, so that there is an act to find. */
async function giveRole(claire, lea) {
  const organisation = claire.session.agent.organisation.id;
  const body = { agent: lea.session.agent.id, role: "announcer", organisation, subtree: false };
  return claire.session.call("POST", "/api/v1/admin/grants", body);
}

test("by the keyboard an administrator finds who gave a role, sees its proof, and that the reading is recorded", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const lea = await enter(browser, demo, "lea.marchetti");
  await giveRole(claire, lea);
  const { page } = claire;
  await goTo(page, demo, "", "Vue d’ensemble");
  await press(page, page.getByRole("link", { name: "Journal", exact: true }));
  await page.getByRole("heading", { level: 1, name: "Journal" }).waitFor();
  await row(page, GIVEN).getByText("Fait").waitFor();
  await row(page, "Claire Delmas a ouvert une session par").first().waitFor();
  await look(page, "journal");

  await reach(page, choice(page, "Acte"));
  await choice(page, "Acte").selectOption("identity.role.grant");
  await row(page, "a ouvert une session").first().waitFor({ state: "detached" });
  const who = page.getByRole("textbox", { name: /^Personne/ });
  await reach(page, who, { by: "Shift+Tab" });
  await page.keyboard.type("delmas");
  await page.waitForURL(/acte=identity\.role\.grant.*qui=delmas|qui=delmas.*acte=identity\.role\.grant/);
  // What others gave stands until the answer for this person is there.
  await row(page, "Mathieu Lacaze").first().waitFor({ state: "detached" });
  await row(page, GIVEN).waitFor();
  await tree(page, "journal", page.getByRole("table"));

  const act = row(page, GIVEN).getByRole("link", { name: "Donner un rôle" });
  await press(page, act);
  const panel = page.getByRole("complementary", { name: /^Entrée n° / });
  await panel.getByText(/^Entrée intacte/).waitFor();
  assert.ok(await hasFocus(panel.getByRole("heading")), "the focus goes to what was opened");
  await panel.getByText(/^[0-9a-f]{64}$/).first().waitFor();
  await look(page, "journal-entry");
  const address = page.url();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.ok(await hasFocus(act), "the focus comes back to its opener");
  await page.goto(address);
  await panel.getByText(GIVEN).waitFor();

  await press(page, page.getByRole("button", { name: "Effacer les filtres" }));
  await reach(page, choice(page, "Acte"));
  await choice(page, "Acte").selectOption("identity.journal.read");
  await row(page, "Claire Delmas a lu le journal de « Ministère de l’Intérieur ».").first().waitFor();

  await reach(page, choice(page, "Résultat"));
  await choice(page, "Résultat").selectOption("failed");
  await page.getByText("Aucun acte ne répond à ces filtres").waitFor();
  await look(page, "journal-nothing");
  await claire.visitor.leave();
  await lea.visitor.leave();
});

test("the export proves itself with the published keys, and not once it was touched", async () => {
  const { page, visitor, session } = await enter(browser, demo, "claire.delmas");
  await goTo(page, demo, "/journal?acte=identity.session", "Journal");
  const link = page.getByRole("link", { name: "Exporter en JSON signé" });
  await reach(page, link);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), "journal.jsonl");
  const file = join(folder, "journal.jsonl");
  await download.saveAs(file);
  const jwks = join(folder, "jwks.json");
  await writeFile(jwks, JSON.stringify(await session.get("/api/v2/jwks")));
  const check = () => run(program(), ["admin", "journal", "check-export", file, "--jwks", jwks]);
  const { stdout } = await check();
  assert.match(stdout, /as they were written/);
  const text = await readFile(file, "utf8");
  const lines = text.trimEnd().split("\n");
  assert.ok(lines.length > 3, text);
  assert.ok(lines.slice(1, -1).every((line) => JSON.parse(line).act.startsWith("identity.session.")));
  await writeFile(file, text.replace('"outcome":"done"', '"outcome":"refused"'));
  await assert.rejects(check(), ({ code, stderr }) => code === 2 && /line 2/.test(stderr));
  await writeFile(file, `${lines.slice(0, -1).join("\n")}\n`);
  await assert.rejects(check(), ({ code, stderr }) => code === 2 && /cut short/.test(stderr));
  await goTo(page, demo, "/journal?acte=identity.journal.export", "Journal");
  await row(page, "Claire Delmas a exporté le journal").first().waitFor();
  await visitor.leave();
});

test("a neighbour, an agent and a stranger read nothing of it", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const hugo = await enter(browser, demo, "hugo.castaing");
  const ines = await enter(browser, demo, "ines.fofana");
  const home = claire.session.agent.organisation.id;
  await goTo(hugo.page, demo, "/journal", "Journal");
  await row(hugo.page, "Hugo Castaing a ouvert une session").first().waitFor();
  assert.equal(await hugo.page.getByText(/Léa Marchetti|Claire Delmas/).count(), 0);
  assert.equal(await choice(hugo.page, "Étendue").count(), 0, "the whole platform is the operator's");
  for (const path of [
    `/api/v1/admin/journal?organisation=${home}`,
    `/api/v1/admin/journal/export?organisation=${home}`,
    `/api/v1/admin/journal/${home}/1`,
    "/api/v1/admin/journal/system/1",
  ]) {
    for (const who of [hugo, ines]) {
      assert.equal((await who.session.ask("GET", path)).status(), 403, `${who.account.email} ${path}`);
    }
    assert.equal((await fetch(new URL(path, demo.baseUrl))).status, 401, path);
  }
  await ines.page.goto(new URL("/administration/journal", demo.baseUrl).href);
  await ines.page.getByRole("heading", { name: "L’administration ne vous est pas ouverte" }).waitFor();
  for (const { visitor } of [claire, hugo, ines]) await visitor.leave();
});

test("an operator reads the whole platform", async () => {
  const { page, visitor } = await enter(browser, demo, "yann.kerbrat");
  await goTo(page, demo, "/journal", "Journal");
  await choice(page, "Étendue").selectOption("Toute la plateforme");
  await page.getByText(/^Ce qui a été fait sur toute la plateforme/).waitFor();
  await row(page, "Hugo Castaing").first().waitFor();
  await row(page, "Claire Delmas").first().waitFor();
  await look(page, "journal-operator", { looks: ["light"] });
  await visitor.leave();
});
