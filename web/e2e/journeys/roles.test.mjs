// Roles: who may what for an administration, given and taken back, and nobody more than they hold.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chooseInList, enter, goTo, startWorkingDay } from "../lib/administration.mjs";
import { launch, look, tree } from "../lib/chromium.mjs";
import { press, reach } from "../lib/keyboard.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startWorkingDay(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const button = (page, name) => page.getByRole("button", { name });
const row = (page, name) => page.getByRole("row").filter({ hasText: name });
const rail = (page) => page.getByRole("navigation", { name: "Navigation principale" });

test("by the keyboard a role is given; it opens the administration to that agent, and is taken back", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const lea = await enter(browser, demo, "lea.marchetti");
  assert.equal(await rail(lea.page).getByRole("link", { name: /^Admin/ }).count(), 0);
  const { page } = claire;
  await goTo(page, demo, "/agents/roles", "Rôles et droits");
  await row(page, "Claire Delmas").getByText("Administrateur").waitFor();
  await look(page, "roles");
  await tree(page, "roles");

  await press(page, button(page, "Donner ce rôle"));
  await page.getByText("Choisissez une personne dans la liste.").waitFor();
  await chooseIn(page);
  await press(page, page.getByRole("radio", { name: /^Annonceur/ }), { key: "Space" });
  await press(page, button(page, "Donner ce rôle"));
  await page.getByText("Rôle donné").waitFor();
  await row(page, "Léa Marchetti").getByText("Annonceur").waitFor();
  await row(page, "Léa Marchetti").getByText(/^donné par Claire Delmas le/).waitFor();
  await look(page, "roles-given");

  await lea.page.reload();
  await rail(lea.page).getByRole("link", { name: /^Admin/ }).click();
  await lea.page.getByRole("heading", { level: 1, name: "Annonces" }).waitFor();
  assert.equal(await lea.page.getByRole("link", { name: "Agents", exact: true }).count(), 0, "an announcer only announces");
  await look(lea.page, "roles-announcer");
  await tree(lea.page, "roles-announcer");

  await press(page, button(page, "Retirer à Léa Marchetti le rôle Annonceur"));
  const dialog = page.getByRole("dialog", { name: "Retirer ce rôle" });
  await dialog.waitFor();
  await look(page, "roles-remove");
  await press(page, dialog.getByRole("button", { name: "Retirer ce rôle" }));
  await row(page, "Léa Marchetti").waitFor({ state: "detached" });
  await lea.page.reload();
  await lea.page.getByRole("heading", { name: "L’administration ne vous est pas ouverte" }).waitFor();
  await claire.visitor.leave();
  await lea.visitor.leave();

  async function chooseIn(where) {
    const field = where.getByRole("combobox", { name: "Agent" });
    await reach(where, field, { by: "Shift+Tab" });
    await chooseInList(where, field, "marchetti", /Léa Marchetti/);
  }
});

test("the last administrator of an administration stays one, and it is said why", async () => {
  const { visitor, page } = await enter(browser, demo, "hugo.castaing");
  await goTo(page, demo, "/agents/roles", "Rôles et droits");
  await button(page, "Retirer à Hugo Castaing le rôle Administrateur").click();
  await page.getByRole("dialog").getByRole("button", { name: "Retirer ce rôle" }).click();
  await page.getByRole("alert").filter({ hasText: "Une administration garde toujours un administrateur." }).waitFor();
  await row(page, "Hugo Castaing").waitFor();
  await look(page, "roles-last");
  visitor.expects(/status of 409/);
  await visitor.leave();
});

test("nobody gives more than they hold, nor elsewhere", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const hugo = await enter(browser, demo, "hugo.castaing");
  const lea = await enter(browser, demo, "lea.marchetti");
  const home = claire.session.agent.organisation.id;
  const agent = lea.session.agent.id;
  for (const [who, status, body] of [
    [claire, 403, { agent, role: "operator", subtree: false }],
    [claire, 403, { agent, role: "administrator", organisation: hugo.session.agent.organisation.id, subtree: false }],
    [hugo, 403, { agent, role: "announcer", organisation: home, subtree: false }],
    [lea, 403, { agent, role: "announcer", organisation: home, subtree: false }],
  ]) {
    const answer = await who.session.ask("POST", "/api/v1/admin/grants", body);
    assert.equal(answer.status(), status, `${who.account.email} ${body.role}: ${await answer.text()}`);
  }
  const list = await hugo.session.ask("GET", `/api/v1/admin/grants?organisation=${home}`);
  assert.equal(list.status(), 403);
  for (const { visitor } of [claire, hugo, lea]) await visitor.leave();
});
