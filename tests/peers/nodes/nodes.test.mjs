// Two nodes of one installation: a sign-in good at both, hints that cross within a second, and
// what stands when the bus between them is killed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { CLAIRE, HUGO, startInstallation } from "./installation.mjs";
import { Page, Person } from "./person.mjs";

/** A hint crosses the bus within this. */
const CROSSING_MS = 1_000;
/** Without a bus a node compares this often; a little more for the machine. */
const COMPARING_MS = 3_000;
/** For what has no promise of its own. */
const LONG_MS = 30_000;

let state;
let claire;
let hugo;

before(async () => {
  state = await startInstallation();
  await bus(true);
  claire = await Person.signIn(state, CLAIRE);
  hugo = await Person.signIn(state, HUGO);
});
after(() => state?.stop());

/** Waits until both nodes say that their bus is up, or down. */
async function bus(up) {
  const until = Date.now() + LONG_MS;
  for (;;) {
    const figures = await Promise.all([state.one.figures(), state.two.figures()]);
    if (figures.every((one) => one.besace_bus_connected === (up ? 1 : 0))) return;
    if (Date.now() > until) throw new Error(`the bus is not ${up ? "up" : "down"}`);
    await pause(20);
  }
}

async function ready(node) {
  return (await fetch(`${node.url}/readyz`)).status;
}

test("who signed in at one node is known at the other", async () => {
  for (const node of [state.one, state.two]) {
    const session = await hugo.get(node, "/api/v1/session");
    assert.equal(session.agent.email, HUGO.email);
  }
  const stranger = await fetch(`${state.two.url}/api/v1/session`);
  assert.equal(stranger.status, 401);
});

test("an announcement of one node is on the other's open page within a second, once", async () => {
  const page = await Page.open(hugo, state.two);
  // Kept by the second node from now on.
  assert.deepEqual(await hugo.titles(state.two), []);
  const publish = await claire.draft(state.one, "Maintenance de la messagerie");
  const took = page.hint("announcements", CROSSING_MS);
  await publish();
  const crossing = await took;
  assert.deepEqual(await hugo.titles(state.two), ["Maintenance de la messagerie"]);
  console.log(`# publish to hint on the other node: ${crossing.toFixed(0)} ms`);
  // The next one comes after any repetition of the first would have.
  await (await claire.draft(state.two, "Deuxième"))();
  await page.hint("announcements", CROSSING_MS);
  await (await claire.draft(state.one, "Troisième"))();
  await page.hint("announcements", CROSSING_MS);
  assert.deepEqual(page.heard(), []);
  page.close();
  const [one, two] = [await state.one.figures(), await state.two.figures()];
  assert.ok(one.besace_bus_published_total >= 2, JSON.stringify(one));
  assert.ok(two.besace_bus_received_total >= 2, JSON.stringify(two));
});

test("a sign-out at one node ends the stream at the other, at once", async () => {
  const guest = await Person.signIn(state, HUGO);
  const page = await Page.open(guest, state.two);
  await guest.signOut(state);
  assert.ok(await page.ends(CROSSING_MS));
  assert.equal((await guest.ask(state.two, "GET", "/api/v1/session")).status, 401);
});

test("with the bus killed both nodes serve, hints come by comparing, and a sign-out holds", async () => {
  const page = await Page.open(hugo, state.two);
  await state.nats.kill();
  await bus(false);
  assert.deepEqual([await ready(state.one), await ready(state.two)], [200, 200]);
  // The first comparison finds what was changed since the start; the second, only what follows.
  await page.hint("announcements", COMPARING_MS);
  const publish = await claire.draft(state.one, "Sans le bus");
  await page.hint("announcements", COMPARING_MS);
  const took = page.hint("announcements", COMPARING_MS);
  await publish();
  const comparing = await took;
  console.log(`# publish to hint on the other node, without the bus: ${comparing.toFixed(0)} ms`);
  assert.ok((await hugo.titles(state.two)).includes("Sans le bus"));
  page.close();
  const guest = await Person.signIn(state, HUGO);
  assert.equal((await guest.ask(state.two, "GET", "/api/v1/session")).status, 200);
  await guest.signOut(state);
  assert.equal((await guest.ask(state.two, "GET", "/api/v1/session")).status, 401);
  const { said } = await state.one.command("check");
  assert.match(said, /WARNING bus: .*\n +to mend: start the NATS server/);
});

test("a node that starts while the bus is down serves", async () => {
  assert.equal(await ready(state.two), 200);
  await state.two.restart();
  assert.equal(await ready(state.two), 200);
  assert.equal((await hugo.get(state.two, "/api/v1/session")).agent.email, HUGO.email);
});

test("with the bus back hints cross again, once each", async () => {
  const page = await Page.open(hugo, state.two);
  await state.nats.start();
  await bus(true);
  const publish = await claire.draft(state.one, "Le bus est revenu");
  const took = page.hint("announcements", CROSSING_MS);
  await publish();
  await took;
  assert.ok((await hugo.titles(state.two)).includes("Le bus est revenu"));
  await (await claire.draft(state.one, "Le bus tient"))();
  await page.hint("announcements", CROSSING_MS);
  assert.deepEqual(page.heard(), []);
  page.close();
  const { said } = await state.one.command("check");
  assert.match(said, /ok +bus: NATS [\d.]+ passes messages on/);
});

test("each node's checkpoint proves the one journal", async () => {
  for (const node of [state.one, state.two]) {
    const { code, said } = await node.command("admin", "journal", "verify");
    assert.equal(code, 0, said);
    assert.match(said, /: intact/);
  }
});
