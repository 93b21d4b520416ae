// Publishing a tool: its form by the keyboard alone, its tile on pages that are open elsewhere, its
// secret, what two administrators do to each other, and what is refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  chooseInList,
  draftTool,
  enter,
  goTo,
  publishedTool,
  startWorkingDay,
  tileOf,
  timeUntil,
  toolBody,
} from "../lib/administration.mjs";
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

/** Long enough for a page that is told by the live stream, too short for one that asks by itself. */
const TOLD_MS = 10_000;

const button = (page, name) => page.getByRole("button", { name });
const textbox = (page, name) => page.getByRole("textbox", { name, exact: true });

test("by the keyboard alone a tool is written and published; its tile appears on a page open elsewhere", async (t) => {
  const claire = await enter(browser, demo, "claire.delmas");
  const ines = await enter(browser, demo, "ines.fofana");
  const { page } = claire;

  await press(page, page.getByRole("navigation", { name: /outils de la maison|navigation/i }).getByRole("link", { name: /administration/i }));
  await press(page, page.getByRole("link", { name: /^Publier un outil/ }));
  await page.getByRole("heading", { level: 1, name: "Publier un outil" }).waitFor();

  for (const [field, text] of [
    ["Nom", "Arrêtés sanitaires"],
    ["Nom en anglais", "Health orders"],
    ["Une ligne de description", "Rédiger, signer, publier"],
    ["Adresse", new URL("/accessibilite", demo.baseUrl).href],
  ]) {
    await reach(page, textbox(page, field));
    await page.keyboard.type(text);
  }
  await press(page, button(page, "Vérifier l’adresse"));
  await page.getByText(/^Vérifiée à l’instant, répond en \d+ ms/).waitFor();
  await reach(page, page.getByRole("combobox", { name: "Catégorie" }));
  await page.keyboard.type("Gestion");
  await chooseInList(page, page.getByRole("combobox", { name: "Responsable" }), "Fofana", /Inès Fofana/);
  for (const network of ["RIE", "VPN"]) {
    await press(page, page.getByRole("checkbox", { name: network }), { key: "Space" });
  }
  // The arrow goes from the document to the scales.
  await press(page, page.getByRole("radio", { name: "Document" }), { key: "ArrowLeft" });
  assert.ok(await page.getByRole("radio", { name: "Balance" }).isChecked());

  // Nothing says yet who sees it: the button says so.
  await button(page, "Publier sans public").waitFor();
  await press(page, button(page, "Ajouter un public"));
  const editor = page.getByRole("group", { name: "Ajouter un public" });
  await chooseInList(page, editor.getByRole("combobox", { name: "Administration" }), "landes", /Préfecture des Landes/);
  await press(page, button(page, "Ajouter cette ligne"));
  await button(page, "Publier pour 3 agents").waitFor();
  await press(page, button(page, "Ajouter un public"), { by: "Shift+Tab" });
  await chooseInList(page, editor.getByRole("combobox", { name: "Administration" }), "interieur", /Ministère de l’Intérieur/);
  await press(page, button(page, "Ajouter cette ligne"));
  await button(page, "Publier pour 8 agents").waitFor();
  await press(page, button(page, "Ajouter une exception"));
  await press(page, page.getByRole("radio", { name: "Une administration" }), { key: "ArrowRight" });
  await press(page, page.getByRole("radio", { name: "agents", exact: true }), { key: "Space" });
  await page.keyboard.press("ArrowRight");
  await press(page, button(page, "Ajouter cette ligne"));
  await button(page, "Publier pour 7 agents").waitFor();
  assert.match(await page.locator(".bs-sentence").innerText(), /préfecture des Landes.*sauf les prestataires/);

  const trial = page.getByRole("combobox", { name: "Essayer avec une personne" });
  await chooseInList(page, trial, "Benhamou", /Nadia Benhamou/);
  await page.getByText("Non, cette personne n’est pas dans le public.").waitFor();
  await chooseInList(page, trial, "Fofana", /Inès Fofana/);
  await page.getByText("Oui, cette personne est dans le public.").waitFor();
  await look(page, "publish-written");
  await tree(page, "publish-written");

  const tile = tileOf(ines.page, "Arrêtés sanitaires");
  assert.equal(await tile.count(), 0);
  await reach(page, button(page, "Publier pour 7 agents"));
  const milliseconds = await timeUntil(tile, () => page.keyboard.press("Enter"));
  t.diagnostic(`the tile appeared ${milliseconds} ms after the key`);
  assert.ok(milliseconds < TOLD_MS);
  await page.getByText("Publié", { exact: true }).waitFor();
  await look(page, "publish-published");
  await tree(page, "publish-published");
  await look(ines.page, "publish-home");
  await claire.visitor.leave();
  await ines.visitor.leave();
});

test("the secret of an access is shown once, and never again", async () => {
  const { visitor, page, session } = await enter(browser, demo, "claire.delmas");
  const id = await draftTool(session, "Registre des tournées");
  await goTo(page, demo, `/outils/${id}`, "Registre des tournées");
  await textbox(page, "Adresses de retour après connexion").fill("https://outil.interieur.gouv.fr/retour");
  await button(page, "Créer l’accès OpenID Connect").click();
  const dialog = page.getByRole("dialog", { name: "L’accès est créé" });
  await dialog.waitFor();
  const [clientId, secret] = await dialog.locator("code").allInnerTexts();
  assert.ok(secret.length >= 32, "the secret is long");
  await look(page, "publish-secret");
  await dialog.getByRole("button", { name: "Je l’ai copié" }).click();
  await page.getByText(`avec le client « ${clientId} »`).waitFor();
  await page.reload();
  await page.getByText(`avec le client « ${clientId} »`).waitFor();
  assert.ok(!(await page.content()).includes(secret), "the secret is on the page again");
  assert.ok(!JSON.stringify(await session.get(`/api/v1/admin/tools/${id}`)).includes(secret));
  await visitor.leave();
});

test("an access moves without another secret, and ends once its consequence was read", async () => {
  const { visitor, page, session } = await enter(browser, demo, "claire.delmas");
  const id = await draftTool(session, "Registre des tournées");
  const access = (method = "GET", body = undefined) => session.ask(method, `/api/v1/admin/tools/${id}/application`, body);
  await access("POST", { redirectUris: ["https://outil.interieur.gouv.fr/retour"] });
  await goTo(page, demo, `/outils/${id}`, "Registre des tournées");
  await textbox(page, "Adresses de retour après connexion").fill("https://ailleurs.example/retour");
  await button(page, "Enregistrer les adresses").click();
  await page.getByText("Les adresses sont enregistrées. Le secret n’a pas changé.").waitFor();
  assert.deepEqual((await (await access()).json()).redirectUris, ["https://ailleurs.example/retour"]);
  await look(page, "publish-connection");
  await button(page, "Retirer l’accès").click();
  const dialog = page.getByRole("dialog", { name: "Retirer l’accès" });
  await dialog.getByText(/Personne ne se connectera plus/).waitFor();
  assert.equal((await access()).status(), 200, "nothing happened yet");
  await dialog.getByRole("button", { name: "Retirer l’accès" }).click();
  await page.getByText("L’accès est retiré.").waitFor();
  assert.equal((await access()).status(), 404);
  await visitor.leave();
});

test("a tool that is withdrawn leaves the pages that are open, and comes back when that is undone", async (t) => {
  const claire = await enter(browser, demo, "claire.delmas");
  const ines = await enter(browser, demo, "ines.fofana");
  const id = await publishedTool(claire.session, "Fichier des renforts");
  const tile = tileOf(ines.page, "Fichier des renforts");
  await tile.waitFor();
  const { page } = claire;
  await goTo(page, demo, `/outils/${id}`, "Fichier des renforts");
  await button(page, "Retirer l’outil").click();
  await tile.waitFor({ state: "hidden" });
  const note = page.getByText("Outil retiré. Sa tuile ne se voit plus.");
  await note.waitFor();
  await page.getByText("Retiré", { exact: true }).waitFor();
  const undone = await timeUntil(tile, () => button(page, "Annuler").click());
  t.diagnostic(`undone: the tile came back after ${undone} ms`);
  await page.getByText("Publié", { exact: true }).waitFor();
  await claire.visitor.leave();
  await ines.visitor.leave();
});

test("two administrators edit the same tool: nothing is lost, each field is chosen", async () => {
  const [claire, yann] = await Promise.all([
    enter(browser, demo, "claire.delmas"),
    enter(browser, demo, "yann.kerbrat"),
  ]);
  const id = await draftTool(claire.session, "Main courante des incendies");
  for (const { page } of [claire, yann]) await goTo(page, demo, `/outils/${id}`, "Main courante des incendies");

  await textbox(claire.page, "Nom").fill("Main courante des feux");
  await textbox(claire.page, "Une ligne de description").fill("Écrite par Claire");
  await textbox(yann.page, "Une ligne de description").fill("Écrite par Yann");
  await textbox(yann.page, "Adresse").fill("https://feux.interieur.gouv.fr/");
  await button(yann.page, "Garder en brouillon").click();
  await yann.page.getByText(/^Enregistré à/).waitFor();
  await button(claire.page, "Garder en brouillon").click();

  const dialog = claire.page.getByRole("dialog", { name: "Quelqu’un a enregistré entre-temps" });
  await dialog.waitFor();
  for (const text of ["Main courante des feux", "Écrite par Claire", "Écrite par Yann", "https://feux.interieur.gouv.fr/"]) {
    await dialog.getByText(text).waitFor();
  }
  await look(claire.page, "publish-conflict");
  await tree(claire.page, "publish-conflict");
  // What only one of them touched is chosen already.
  const side = (label, name) => dialog.getByRole("radiogroup", { name: label, exact: true }).getByRole("radio", { name });
  assert.ok(await side("Nom", /^Votre version/).isChecked());
  assert.ok(await side("Adresse", /^Version enregistrée/).isChecked());
  await side("Une ligne de description", /^Version enregistrée/).check();
  await dialog.getByRole("button", { name: "Enregistrer ces choix" }).click();
  await dialog.waitFor({ state: "hidden" });
  await claire.page.getByText(/^Enregistré à/).waitFor();
  const kept = await claire.session.get(`/api/v1/admin/tools/${id}`);
  assert.deepEqual(
    [kept.name.fr, kept.description.fr, kept.url],
    ["Main courante des feux", "Écrite par Yann", "https://feux.interieur.gouv.fr/"],
  );
  claire.visitor.expects(/status of 412/);
  await claire.visitor.leave();
  await yann.visitor.leave();
});

test("an address that is a script or not encrypted is refused, with what was written kept", async () => {
  const { visitor, page, session } = await enter(browser, demo, "claire.delmas");
  await goTo(page, demo, "/outils/nouveau", "Publier un outil");
  await textbox(page, "Nom").fill("Outil piégé");
  await textbox(page, "Une ligne de description").fill("Ne doit pas paraître");
  await page.getByRole("combobox", { name: "Catégorie" }).selectOption({ label: "Communiquer" });
  await textbox(page, "Adresse").fill("javascript:alert(document.cookie)");
  await button(page, "Garder en brouillon").click();
  await page.getByText("Une adresse commence par « https ».").waitFor();
  assert.ok(await textbox(page, "Adresse").evaluate((field) => field === document.activeElement));
  await look(page, "publish-refused-script");

  await textbox(page, "Adresse").fill("http://10.0.0.5/outil");
  await button(page, "Vérifier l’adresse").click();
  await page.getByText(/^L’adresse commence par https:\/\//).waitFor();
  await button(page, "Garder en brouillon").click();
  await page.getByText(/ne contient ni nom d’utilisateur ni mot de passe/).last().waitFor();
  await look(page, "publish-refused-private");
  assert.equal(await textbox(page, "Nom").inputValue(), "Outil piégé");

  // Nor does the server take them from a program.
  for (const url of ["javascript:alert(1)", "http://10.0.0.5/", "https://claire:secret@outil.gouv.fr/"]) {
    const answer = await session.ask("POST", "/api/v1/admin/tools", await toolBody(session, "Outil piégé", { url }));
    assert.equal(answer.status(), 422, url);
  }
  visitor.expects(/status of 422/);
  await visitor.leave();
});

test("an address inside the network is not looked at by the server", async () => {
  const { visitor, session } = await enter(browser, demo, "claire.delmas");
  for (const url of ["https://10.0.0.5/", "https://169.254.169.254/latest/meta-data", "https://[::ffff:10.0.0.5]/"]) {
    const looked = await session.call("POST", "/api/v1/admin/tools/check-address", { url });
    assert.deepEqual([looked.ok, looked.problem], [false, "not-reachable-from-here"], url);
  }
  await visitor.leave();
});

test("an audience of nobody is warned about; everybody has to be confirmed", async () => {
  const { visitor, page, session } = await enter(browser, demo, "claire.delmas");
  const id = await draftTool(session, "Boîte à idées", { audience: { any: [] } });
  await goTo(page, demo, `/outils/${id}`, "Boîte à idées");
  await page.getByText("Personne n’est concerné par ce public.").waitFor();
  await button(page, "Publier sans public").waitFor();

  await button(page, "Ajouter un public").click();
  await page.getByRole("radio", { name: "Tous les agents" }).check();
  await button(page, "Ajouter cette ligne").click();
  await page.getByText("Tous les agents de toutes les administrations sont concernés.").waitFor();
  await look(page, "publish-everybody");
  const publish = page.getByRole("button", { name: /^Publier pour \d+ agents$/ });
  await publish.click();
  const dialog = page.getByRole("dialog", { name: "Publier pour tous les agents" });
  await dialog.waitFor();
  await look(page, "publish-everybody-confirm");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await session.get(`/api/v1/admin/tools/${id}`)).state, "draft");
  assert.ok(await publish.evaluate((element) => element === document.activeElement), "the focus went back");
  await publish.click();
  await dialog.getByRole("button", { name: /^Publier pour/ }).click();
  await page.getByText("Publié", { exact: true }).waitFor();
  await visitor.leave();
});

test("a neighbour's administrator, an announcer and an agent are told what is not open to them", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const id = await draftTool(claire.session, "Notes confidentielles");
  await claire.visitor.leave();

  const hugo = await enter(browser, demo, "hugo.castaing");
  await hugo.page.goto(new URL(`/administration/outils/${id}`, demo.baseUrl).href);
  await hugo.page.getByRole("heading", { name: "Cette page ne vous est pas ouverte" }).waitFor();
  assert.ok(!(await hugo.page.content()).includes("Notes confidentielles"));
  await look(hugo.page, "publish-neighbour");
  for (const [method, path, body] of [
    ["GET", `/api/v1/admin/tools/${id}`],
    ["POST", `/api/v1/admin/tools/${id}/publish`, {}],
    ["POST", `/api/v1/admin/tools/${id}/withdraw`],
    ["DELETE", `/api/v1/admin/tools/${id}`],
    ["POST", `/api/v1/admin/tools/${id}/application`, { redirectUris: ["https://outil.gouv.fr/"], postLogoutRedirectUris: [] }],
  ]) {
    assert.equal((await hugo.session.ask(method, path, body)).status(), 403, `${method} ${path}`);
  }
  hugo.visitor.expects(/status of 403/);
  await hugo.visitor.leave();

  const mathieu = await enter(browser, demo, "mathieu.lacaze");
  await goTo(mathieu.page, demo, "/outils", "Cette partie est réservée aux administrateurs");
  await look(mathieu.page, "publish-announcer");
  await mathieu.visitor.leave();

  const lea = await enter(browser, demo, "lea.marchetti");
  assert.equal(await lea.page.getByRole("link", { name: /administration/i }).count(), 0, "no way there");
  await goTo(lea.page, demo, "/outils", "Administration");
  await lea.page.getByRole("heading", { name: "L’administration ne vous est pas ouverte" }).waitFor();
  await look(lea.page, "publish-agent");
  await tree(lea.page, "publish-agent");
  await lea.visitor.leave();
});

test("a tool that is not well says so on the tile of an open page, until it is well again", async (t) => {
  const claire = await enter(browser, demo, "claire.delmas");
  const ines = await enter(browser, demo, "ines.fofana");
  const id = await publishedTool(claire.session, "Suivi des moyens");
  const tile = tileOf(ines.page, "Suivi des moyens");
  await tile.waitFor();
  const { page } = claire;
  await goTo(page, demo, `/outils/${id}`, "Suivi des moyens");
  await page.getByRole("radio", { name: "Perturbé" }).check();
  await textbox(page, "Ce que liront les agents").fill("Lenteurs à l’ouverture");
  const shown = tile.filter({ hasText: "Perturbé" }).filter({ hasText: "Lenteurs à l’ouverture" });
  const milliseconds = await timeUntil(shown, () => button(page, "Afficher cet état").click());
  t.diagnostic(`the tile said so ${milliseconds} ms after the click`);
  await page.getByText("État affiché sur la tuile").waitFor();
  await look(page, "publish-notice");
  await look(ines.page, "publish-notice-home");
  await page.getByRole("radio", { name: "Tout va bien" }).check();
  await button(page, "Dire que tout va bien").click();
  await shown.waitFor({ state: "hidden" });
  await tile.waitFor();
  await claire.visitor.leave();
  await ines.visitor.leave();
});
