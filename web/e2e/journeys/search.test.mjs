// One search over every source: what is dead or speaks nonsense is named, the rest is complete.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { freePorts, startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { focused, press } from "../lib/keyboard.mjs";
import { sessionOf } from "../lib/session.mjs";
import { accountOf, signIn } from "../lib/steps.mjs";
import { programOf, publishTool, serveTool } from "../lib/tool.mjs";

let demo;
let browser;
let visitor;
let page;
/** By name: the tools that answer searches, and how each does it now. */
const tools = new Map();

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  visitor = await person(browser);
  page = await visitor.tab();
  await signIn(page, demo, accountOf(demo, "interieur"));
  const administrator = await sessionOf(visitor, demo);
  const first = await freePorts(3);
  const ways = [
    ["Ordres de mission", hits],
    ["Horaires des trains", hang],
    ["Archives", html],
  ];
  for (const [index, [name]] of ways.entries()) {
    const port = first + index;
    const tool = { answer: hits, asked: 0 };
    tool.server = await serveTool(port, (request, response) => {
      tool.asked += 1;
      tool.answer(response, tool.server.home);
    });
    const { client } = await publishTool(administrator, { name: { fr: name }, home: tool.server.home });
    const program = await programOf(demo, client);
    await program.answersAt(`${tool.server.home}/recherche`);
    tools.set(name, tool);
  }
  await known(administrator);
  for (const [name, way] of ways) tools.get(name).answer = way;
  await page.reload();
  await page.getByRole("button", { name: /^Rechercher/ }).waitFor();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  for (const { server } of tools.values()) await server?.stop();
});

/** Until the search knows every tool: the server looks for new ones every two seconds at least. */
async function known(administrator) {
  const until = Date.now() + 10_000;
  for (;;) {
    const answer = await administrator.ask("GET", "/api/v1/search?q=mission");
    const text = await answer.text();
    if ([...tools.keys()].every((name) => text.includes(`"title":"${name}"`))) return;
    assert.ok(Date.now() < until, text);
  }
}

/** Answers as a tool should. */
function hits(response, home) {
  const hit = { id: "1042", title: "Mission 1042", detail: "Mont-de-Marsan", link: `${home}/1042` };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ hits: [hit] }));
}

/** Takes the question and never answers. */
function hang() {}

/** Answers a page, as a tool behind a sign-in of its own does. */
function html(response) {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>Connexion</title>");
}

const dialog = () => page.getByRole("dialog", { name: "Rechercher dans Besace" });
const group = (name) => dialog().getByRole("group", { name });
const trouble = (name) => dialog().getByText(`${name} : source indisponible.`);

test("a dead source and one that answers a page are named beside complete ones", async () => {
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox");
  await focused(field);
  await field.fill("mission");
  // What is ready does not wait for what is not.
  await group("Outils").getByRole("option", { name: /^Frais de mission/ }).waitFor();
  await group("Ordres de mission").getByRole("option", { name: /^Mission 1042/ }).waitFor();
  await trouble("Horaires des trains").waitFor();
  await trouble("Archives").waitFor();
  await dialog().getByText("Elle n’a pas répondu à temps. Les autres résultats sont complets.").waitFor();
  await dialog().getByText("Elle n’a pas pu répondre. Les autres résultats sont complets.").waitFor();
  assert.equal(await trouble("Ordres de mission").count(), 0);
  await look(page, "palette-troubles");
  await tree(page, "palette-troubles", dialog());
});

test("the first line of the first group is chosen, and the arrows choose another", async () => {
  const chosen = dialog().getByRole("option", { selected: true });
  const first = await group("Outils").getByRole("option").first().innerText();
  assert.equal(await chosen.innerText(), first);
  await page.keyboard.press("ArrowDown");
  assert.match(await chosen.innerText(), /mission/);
  await page.keyboard.press("ArrowUp");
  assert.equal(await chosen.innerText(), first);
  const field = page.getByRole("combobox");
  assert.equal(await field.getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
});

test("a source that has come back answers when asked again", async () => {
  for (const name of ["Horaires des trains", "Archives"]) tools.get(name).answer = hits;
  await press(page, dialog().getByRole("button", { name: "Réessayer" }).first());
  await group("Horaires des trains").getByRole("option", { name: /^Mission 1042/ }).waitFor();
  await group("Archives").getByRole("option", { name: /^Mission 1042/ }).waitFor();
  assert.equal(await trouble("Horaires des trains").count(), 0);
  assert.equal(await trouble("Archives").count(), 0);
});

test("what nothing matches is said, with what to try", async () => {
  for (const tool of tools.values()) tool.answer = (response) => nothing(response);
  await page.getByRole("combobox").fill("xyzzyx");
  await dialog().getByText("Rien ne correspond à « xyzzyx »").waitFor();
  await look(page, "palette-nothing", { looks: ["light", "320"] });
  await page.keyboard.press("Escape");
  await visitor.leave();
});

test("who does not see a tool's tile is not searched for there", async () => {
  const neighbour = await person(browser);
  const theirs = await neighbour.tab();
  await signIn(theirs, demo, accountOf(demo, "agriculture"));
  const asked = [...tools.values()].map((tool) => tool.asked);
  await theirs.keyboard.press("Control+k");
  const field = theirs.getByRole("combobox");
  await focused(field);
  await field.fill("mission");
  await theirs.getByRole("option", { name: /^Frais de mission/ }).waitFor();
  await theirs.getByText(/^\d+\srésultats?$/).waitFor();
  assert.deepEqual([...tools.values()].map((tool) => tool.asked), asked);
  assert.equal(await theirs.getByText("Ordres de mission").count(), 0);
  await neighbour.leave();
});

/** Answers that nothing was found. */
function nothing(response) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"hits":[]}');
}
