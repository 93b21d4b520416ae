// The launcher in a page of another site, whose policy lets nothing in but the launcher itself: by the
// keyboard, with the agent's token, without one, and with one that is no longer good.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { freePorts, startDemo } from "../../../tests/peers/lib/demo.mjs";
import { enter } from "../lib/administration.mjs";
import { startApplication } from "../lib/application.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { focused, hasFocus, press, reach } from "../lib/keyboard.mjs";
import { publishTool } from "../lib/tool.mjs";

let demo;
let browser;
let site;

before(async () => {
  let port;
  [demo, browser, port] = await Promise.all([startDemo(), launch(), freePorts(1)]);
  const claire = await enter(browser, demo, "claire.delmas");
  // Another site than the portal's, for the browser too.
  const home = `http://127.0.0.1:${port}`;
  const { client } = await publishTool(claire.session, { name: { fr: "Registre des tournées" }, home });
  await claire.visitor.leave();
  const registered = {
    clientId: client.clientId,
    clientSecret: client.secret,
    redirectUris: [`${home}/retour`],
    tokenEndpointAuthMethod: "client_secret_basic",
    idTokenAlg: "ES256",
  };
  site = await startApplication(registered, demo.identity.issuer, {
    scope: "openid given_name usual_name email launcher",
    page: (path, session) => pages[path]?.(session),
  });
});
after(async () => {
  await site?.stop();
  await browser?.close();
  await demo?.stop();
});

/** What the integrator's guide says is needed, and nothing more. */
const policy = () =>
  [
    "default-src 'none'",
    `script-src 'self' ${demo.baseUrl}/_launcher/v1.js`,
    `connect-src 'self' ${demo.baseUrl}`,
    `img-src ${demo.baseUrl}`,
    "style-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const html = (launcher, dark = false) => ({
  headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy() },
  body: `<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width">
    <title>Registre des tournées</title><link rel="stylesheet" href="/${dark ? "dark" : "light"}.css">
    <script src="/token.js"></script><script src="${demo.baseUrl}/_launcher/v1.js" async></script>
    <header>${launcher}</header><main><h1>Registre des tournées</h1><a href="/hello">Une tournée</a></main></html>`,
});
const css = (ground, ink) => ({
  headers: { "content-type": "text/css" },
  body: `html{background:${ground};color:${ink}}a{color:inherit}header{display:flex;justify-content:flex-end}`,
});
const pages = {
  "/open": () => html('<besace-launcher></besace-launcher>'),
  "/dark": () => html('<besace-launcher data-theme="dark" data-lang="en"></besace-launcher>', true),
  "/mine": () => html('<besace-launcher data-token="besaceToken"></besace-launcher>'),
  "/light.css": () => css("#fff", "#161616"),
  "/dark.css": () => css("#161616", "#fff"),
  "/token.js": () => ({
    headers: { "content-type": "text/javascript" },
    body: 'globalThis.besaceToken = async () => (await fetch("/token")).text();',
  }),
  "/token": (session) => ({
    headers: { "content-type": "text/plain" },
    body: session?.tokens?.access_token ?? "no-token-of-anybody",
  }),
};

const address = (path) => new URL(path, site.home).href;
const opener = (page, name = "Services numériques") => page.getByRole("button", { name });
const panel = (page, name = "Vos services") => page.getByRole("group", { name });
/** The names that it shows, without what is said of each. */
const services = async (page) =>
  (await panel(page).getByRole("link").allInnerTexts()).map((text) =>
    text.replace(/\s*\(nouvelle fenêtre\)$/, "").replace(/\s+(Bêta|Nouveau)$/, ""),
  );

test("without a token it lists what every agent has, by the keyboard, on another site with a strict policy", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(address("/open"));
  const button = opener(page);
  await reach(page, button);
  assert.ok(!asked.includes("/api/launcher/v1/services"), "nothing is asked before it is opened");
  await page.keyboard.press("Enter");
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  const links = panel(page).getByRole("link");
  await links.first().waitFor();
  await tree(page, "launcher-open");
  await look(page, "launcher-open", { looks: ["light", "320", "zoom-200"] });

  // The arrows go through the list and round it, as Home and End do; Tab goes through it too.
  await page.keyboard.press("ArrowDown");
  await focused(links.first());
  await page.keyboard.press("ArrowDown");
  await focused(links.nth(1));
  await page.keyboard.press("Tab");
  await focused(links.nth(2));
  await page.keyboard.press("End");
  const more = panel(page).getByRole("button", { name: /^Afficher \d+ autres? services?$/ });
  await focused(more);
  await page.keyboard.press("ArrowDown");
  await focused(links.first());
  await page.keyboard.press("ArrowUp");
  await focused(more);
  const shown = await links.count();
  await page.keyboard.press("Enter");
  await focused(links.nth(shown));
  await page.keyboard.press("Home");
  await focused(links.first());

  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "hidden" });
  await focused(button);
  assert.equal(await button.getAttribute("aria-expanded"), "false");

  // Whoever goes on with Tab leaves nothing open behind.
  await page.keyboard.press("Enter");
  await links.first().waitFor();
  await reach(page, page.getByRole("link", { name: "Une tournée" }));
  await panel(page).waitFor({ state: "hidden" });
  assert.equal(await hasFocus(button), false);
  assert.equal(asked.filter((path) => path === "/api/launcher/v1/services").length, 1, "a fresh list is not asked again");
  await visitor.leave();
});

test("it opens by the mouse, closes by a click elsewhere, and a service opens in a tab of its own", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/open"));
  await opener(page).click();
  const service = panel(page).getByRole("link", { name: /^Courriel/ });
  await service.waitFor();
  assert.match(await service.getAttribute("rel"), /noopener/);
  const [tab] = await Promise.all([visitor.context.waitForEvent("page"), service.click()]);
  await tab.waitForURL(/\/demonstration\/courriel|\/connexion/);
  assert.equal(await tab.evaluate(() => globalThis.opener), null);
  await tab.close();
  await page.getByRole("heading", { name: "Registre des tournées" }).click();
  await panel(page).waitFor({ state: "hidden" });
  await visitor.leave();
});

test("in a dark page, in English", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/dark"));
  await press(page, opener(page, "Digital services"));
  await panel(page, "Your services").getByRole("link").first().waitFor();
  await look(page, "launcher-dark", { looks: ["dark", "320"] });
  await visitor.leave();
});

test("with the agent's token it lists the agent's own services", async () => {
  const claire = await enter(browser, demo, "claire.delmas");
  const { page } = claire;
  await page.goto(address("/open"));
  await opener(page).click();
  await panel(page).getByRole("button", { name: /^Afficher/ }).click();
  const everybodys = await services(page);

  await page.goto(address("/sign-in"));
  await page.getByText("Claire Delmas").waitFor();
  await page.goto(address("/mine"));
  await press(page, opener(page));
  await panel(page).getByRole("button", { name: /^Afficher/ }).click();
  const hers = await services(page);
  for (const name of ["Main courante", "Registre des tournées"]) {
    assert.ok(hers.includes(name), `${name} is not among ${hers}`);
    assert.ok(!everybodys.includes(name), `${name} is everybody's`);
  }
  assert.deepEqual(everybodys.filter((name) => !hers.includes(name)), []);
  await look(page, "launcher-agent", { looks: ["light", "320"] });
  await claire.visitor.leave();
});

test("a token that is not good lists nothing, says so, and can be tried again", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(address("/mine"));
  await press(page, opener(page));
  await panel(page).getByText("La liste des services est indisponible.").waitFor();
  assert.deepEqual(await services(page), []);
  await look(page, "launcher-refused", { looks: ["light"] });
  const again = page.waitForResponse((answer) => answer.url().includes("/api/launcher/v1/services"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal((await again).status(), 401);
  await panel(page).getByText("La liste des services est indisponible.").waitFor();
  visitor.expects(/status of 401/);
  await visitor.leave();
});
