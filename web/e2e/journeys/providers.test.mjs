// Plugging an identity provider in: a real one (npm oidc-provider) is written, read, tried, opened, and
// an agent signs in by it; nobody else's administrator sees it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { freePorts, startDemo } from "../../../tests/peers/lib/demo.mjs";
import { RemoteMinistry } from "../../../tests/peers/oidc/remote-ministry.mjs";
import { enter, goTo } from "../lib/administration.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { focused, press, reach } from "../lib/keyboard.mjs";
import { sessionOf } from "../lib/session.mjs";
import { atHome, giveAddress } from "../lib/steps.mjs";

const TITLE = "Service du déminage";
const DOMAIN = "deminage.gouv.fr";
const PASSWORD = "ministère-de-confiance";
const CLIENT = { id: "besace", secret: "secret-of-besace-at-deminage-0123456789" };
/** It says nothing of their administration. */
const NORA = {
  sub: "agent-17",
  uid: "nora.haddad",
  email: `nora.haddad@${DOMAIN}`,
  given_name: "Nora",
  usual_name: "Haddad",
  belonging_population: "agent",
};
/** Known to a broker only. */
const PAUL = {
  sub: "agent-18",
  uid: "paul.girard",
  email: "paul.girard@prefecture-nouvelle.example",
  given_name: "Paul",
  usual_name: "Girard",
  siret: "11001401600015",
  belonging_population: "agent",
};

let demo;
let browser;
let ministry;
/** Where the first test has saved it. */
let path;

before(async () => {
  // By the machine's own clock: the provider's cookies end by it.
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  ministry = await RemoteMinistry.start({
    port: await freePorts(1),
    client: {
      ...CLIENT,
      redirectUri: `${demo.baseUrl}/api/v2/oidc-callback`,
      postLogoutRedirectUri: `${demo.baseUrl}/api/v2/client/logout-callback`,
    },
    people: [NORA, PAUL],
  });
});
after(async () => {
  await browser?.close();
  ministry?.stop();
  await demo?.stop();
});

const address = (at) => new URL(at, demo.baseUrl).href;
const button = (page, name) => page.getByRole("button", { name, exact: true });
const textbox = (page, name) => page.getByRole("textbox", { name, exact: true });
const state = (page, name) => page.locator(".bs-badge").filter({ hasText: name });
const claim = (page, name) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

/** Types into fields, each reached by Tab. */
async function write(page, fields) {
  for (const [field, text] of fields) {
    await reach(page, textbox(page, field));
    await page.keyboard.type(text);
  }
}

/** Signs in at the provider, on whichever page shows its form. */
async function signInThere(page, { email }) {
  const secret = page.locator('input[type="password"]');
  await secret.waitFor();
  await page.locator('input[name="login"]').fill(email);
  await secret.fill(PASSWORD);
  await page.getByRole("button", { name: "Se connecter" }).click();
}

/** Tries the provider from its page: the other tab, once it has come back. */
async function tryIt({ visitor, page }, name) {
  const [tab] = await Promise.all([visitor.context.waitForEvent("page"), press(page, button(page, name))]);
  const over = tab.getByRole("heading", { name: "L’essai est terminé" });
  const form = tab.locator('input[type="password"]');
  await over.or(form).waitFor();
  if (await form.isVisible()) await signInThere(tab, NORA);
  await over.waitFor();
  return tab;
}

/** Somebody signs in at Besace by their address. */
async function arrives(who) {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/"));
  await giveAddress(page, who.email);
  await signInThere(page, who);
  await atHome(page, { givenName: who.given_name });
  const leave = () => {
    // The ministry has no picture of its own.
    visitor.expects(/favicon\.ico/);
    return visitor.leave();
  };
  return { page, session: await sessionOf(visitor, demo), leave };
}

test("by the keyboard a provider is written, read, and tried: what comes and what is missing is shown", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const { page } = claire;
  await goTo(page, demo, "/fournisseurs", "Fournisseurs d’identité");
  const known = page.getByRole("row").filter({ hasText: "interieur.gouv.fr" });
  await known.getByText("Par la configuration").waitFor();
  await press(page, page.getByRole("link", { name: "Brancher un fournisseur" }));
  await page.getByRole("heading", { level: 1, name: "Brancher un fournisseur" }).waitFor();
  assert.equal(await page.getByRole("radio", { name: /^ProConnect/ }).count(), 0, "a broker is the operator's");

  // What is missing is said by its field, and the first of them has the focus.
  await press(page, button(page, "Enregistrer sans ouvrir"));
  await page.getByText("Quelques champs sont à reprendre avant d’enregistrer.").waitFor();
  await focused(textbox(page, "Nom montré aux agents"));
  await page.getByText("Donnez au moins un domaine.").waitFor();
  await look(page, "provider-missing", { looks: ["light", "320"] });

  // The arrow goes round, from the first to the last.
  await reach(page, page.getByRole("radio", { name: /^Keycloak/ }), { by: "Shift+Tab" });
  await page.keyboard.press("ArrowUp");
  assert.ok(await page.getByRole("radio", { name: /^Autre/ }).isChecked());
  await write(page, [
    ["Nom montré aux agents", TITLE],
    ["Adresse de l’émetteur", ministry.issuer],
  ]);
  await press(page, button(page, "Lire sa découverte"));
  await page.getByText(/^Lue à .+\s: 1\sclé, .*ES256.*, champs obligatoires présents$/).waitFor();
  await write(page, [
    ["Identifiant du client", CLIENT.id],
    ["Domaines des adresses", `${DOMAIN} `],
    ["Nom de l’assistance", "Assistance du déminage"],
    ["Téléphone", "01 99 00 53 19"],
  ]);
  const secret = page.getByLabel("Secret du client");
  await reach(page, secret, { by: "Shift+Tab" });
  await page.keyboard.type(CLIENT.secret);
  await look(page, "provider-written");

  await press(page, button(page, "Enregistrer sans ouvrir"));
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await state(page, "Fermé, à l’essai").waitFor();
  assert.equal(await secret.inputValue(), "", "the secret is shown again");
  path = new URL(page.url()).pathname;

  const tab = await tryIt(claire, "Essayer");
  await tab.getByText("Personne n’a été connecté à Besace par cet essai.").waitFor();
  await look(tab, "provider-trial-over");
  await tab.close();
  await claim(page, "given_name").getByText("reçue").waitFor();
  await claim(page, "siret").getByText("Manque").waitFor();
  await claim(page, "phone_number").getByText("Facultatif").waitFor();
  await page.getByText("110 014 016 00015, Ministère de l’Intérieur").waitFor();
  await look(page, "provider-tried");
  await tree(page, "provider-tried");

  await press(page, button(page, "Prendre ce SIRET"));
  assert.equal(await textbox(page, "SIRET par défaut").inputValue(), "11001401600015");
  await press(page, button(page, "Enregistrer sans ouvrir"));
  await page.getByText(/^Enregistré à/).waitFor();
  await (await tryIt(claire, "Refaire l’essai")).close();
  await page.getByText(/^Essai réussi à/).waitFor();
  await look(page, "provider-ready");

  // Nothing proves yet whose domain it is: who can open it is said.
  await press(page, button(page, `Ouvrir pour ${DOMAIN}`));
  await page.getByRole("alert").filter({ hasText: `Demandez à l’opérateur d’ouvrir le service pour ${DOMAIN}.` }).waitFor();
  await look(page, "provider-not-proved");
  claire.visitor.expects(/status of 40[49]/);
  await claire.visitor.leave();
});

test("until it is open nobody signs in by it; once the operator has opened it its agents do", async () => {
  const early = await person(browser);
  const page = await early.tab();
  await page.goto(address("/"));
  await giveAddress(page, NORA.email);
  await page.getByText(DOMAIN).first().waitFor();
  assert.equal(new URL(page.url()).origin, new URL(demo.baseUrl).origin);
  await early.leave();

  const yann = await enter(browser, demo, "yann.kerbrat");
  await yann.page.goto(address(path));
  await press(yann.page, button(yann.page, `Ouvrir pour ${DOMAIN}`));
  await state(yann.page, "Ouvert").waitFor();
  await look(yann.page, "provider-open");
  await tree(yann.page, "provider-open");

  const nora = await arrives(NORA);
  assert.equal(nora.session.agent.organisation.label, "Ministère de l’Intérieur");
  await look(nora.page, "provider-agent", { looks: ["light"] });
  await nora.leave();
  await yann.page.reload();
  await yann.page.getByText("Un agent s’est déjà connecté par lui.").waitFor();

  // Closed, it vouches for nobody any more.
  await press(yann.page, button(yann.page, "Fermer ce fournisseur"));
  const dialog = yann.page.getByRole("dialog", { name: "Fermer ce fournisseur" });
  await press(yann.page, dialog.getByRole("button", { name: "Fermer ce fournisseur" }));
  await state(yann.page, "Fermé, à l’essai").waitFor();
  yann.visitor.expects(/status of 404/);
  await yann.visitor.leave();
});

test("a neighbour's administrator neither sees it nor does anything to it", async () => {
  const { visitor, page, session } = await enter(browser, demo, "hugo.castaing");
  const id = path.split("/").at(-1);
  await goTo(page, demo, "/fournisseurs", "Fournisseurs d’identité");
  await page.getByRole("row").filter({ hasText: "agriculture.gouv.fr" }).waitFor();
  assert.equal(await page.getByText(TITLE).count(), 0);
  for (const [method, at] of [
    ["GET", ""],
    ["POST", "/enable"],
    ["POST", "/disable"],
    ["POST", "/try"],
    ["GET", "/try"],
  ]) {
    const answer = await session.ask(method, `/api/v1/admin/providers/${id}${at}`);
    assert.equal(answer.status(), 403, `${method} ${at}`);
    assert.ok(!(await answer.text()).includes(ministry.issuer));
  }
  await page.goto(address(path));
  await page.getByRole("heading", { name: /^Cette page/ }).first().waitFor();
  await look(page, "provider-neighbour", { looks: ["light", "320"] });
  visitor.expects(/status of 403/);
  await visitor.leave();
});

test("the operator plugs in a broker: it has no domain, and takes the addresses that nobody holds", async () => {
  const { visitor, page } = await enter(browser, demo, "yann.kerbrat");
  await goTo(page, demo, "/fournisseurs/nouveau", "Brancher un fournisseur");
  await press(page, page.getByRole("radio", { name: /^Keycloak/ }), { key: "ArrowDown" });
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.getByRole("radio", { name: /^ProConnect/ }).isChecked());
  assert.equal(await textbox(page, "Domaines des adresses").count(), 0);
  await page.getByText(/^Un courtier répond de tous les ministères/).waitFor();
  await write(page, [
    ["Nom montré aux agents", "ProConnect"],
    ["Adresse de l’émetteur", ministry.issuer],
    ["Identifiant du client", CLIENT.id],
    ["Nom de l’assistance", "Assistance de ProConnect"],
  ]);
  await reach(page, page.getByLabel("Secret du client"), { by: "Shift+Tab" });
  await page.keyboard.type(CLIENT.secret);
  await look(page, "provider-broker");
  await tree(page, "provider-broker");
  await press(page, button(page, "Ouvrir à toutes les autres adresses"));
  await page.getByRole("heading", { level: 1, name: "ProConnect" }).waitFor();
  await state(page, "Ouvert").waitFor();
  await goTo(page, demo, "/fournisseurs", "Fournisseurs d’identité");
  await page.getByRole("row").filter({ hasText: "ProConnect" }).getByText("Ceux de nul autre").waitFor();
  await look(page, "providers");
  await tree(page, "providers");

  const paul = await arrives(PAUL);
  await paul.leave();
  visitor.expects(/status of 404/);
  await visitor.leave();
});
