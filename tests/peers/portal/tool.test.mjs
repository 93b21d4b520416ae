// "Join the portal", followed to the letter: an administrator publishes a tool,
// and the document's Python program, on authlib, tells, counts and is found. Only ports change.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { document, path } from "../docs/document.mjs";
import { freePorts, startDemo } from "../lib/demo.mjs";
import { python } from "../lib/python.mjs";
import { Agent } from "./agent.mjs";

let demo;
let folder;
let interpreter;
let administrator;
let neighbour;
let tool;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "besace-tool-"));
  const doc = await document("docs/integrator/join-the-portal.md");
  await writeFile(join(folder, "outil.py"), doc.file("outil.py"));
  interpreter = await python(path("tests/peers/portal/requirements.txt"));
  demo = await startDemo();
  administrator = await Agent.signIn(demo, "claire.delmas@interieur.gouv.fr");
  const stranger = demo.identity.accounts.find((one) => one.provider === "agriculture");
  neighbour = await Agent.signIn(demo, stranger.email);
  tool = await publish();
});
after(async () => {
  await tool?.stop();
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The tool published for the administrator's ministry, and its program running. */
async function publish() {
  const port = await freePorts(1);
  const home = `http://localhost:${port}`;
  const organisation = administrator.session.agent.organisation.id;
  const categories = await administrator.get("/api/v1/admin/categories");
  const made = await administrator.call("POST", "/api/v1/admin/tools", {
    name: { fr: "Ordres de mission", en: "Travel orders" },
    description: { fr: "Demander et signer", en: "Ask and sign" },
    category: categories.items[0].id,
    icon: "train-line",
    url: `${home}/`,
    reaches: ["internet"],
    organisation,
    audience: { organisation: { id: organisation, subtree: false } },
  });
  const client = await administrator.call("POST", `/api/v1/admin/tools/${made.id}/application`, {
    redirectUris: [`${home}/retour`],
    postLogoutRedirectUris: [],
  });
  await administrator.call("POST", `/api/v1/admin/tools/${made.id}/publish`, {});
  const env = {
    ...process.env,
    BESACE: demo.baseUrl,
    CLIENT_ID: client.clientId,
    CLIENT_SECRET: client.secret,
    HOME_ADDRESS: home,
    PORT: String(port),
    AGENT_EMAIL: administrator.account.email,
    AGENT_ID: administrator.session.agent.id,
    // authlib refuses plain http otherwise, and so should everybody beyond this machine.
    AUTHLIB_INSECURE_TRANSPORT: "1",
  };
  const child = spawn(interpreter, ["outil.py"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const said = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  assert.match(String(said[0]), /^Ready: notice /);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  return { id: made.id, client, home, child, stop };
}

/** A token of the tool for these scopes, by plain HTTP. */
async function token(scope, { clientId, secret } = tool.client) {
  const basic = Buffer.from(`${clientId}:${secret}`).toString("base64");
  return fetch(`${demo.baseUrl}/api/v2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
}

async function tell(bearer, body) {
  return fetch(`${demo.baseUrl}/api/v1/inbox`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

test("the notice is in the agent's inbox, in their language, with its link", async () => {
  const inbox = await administrator.get("/api/v1/inbox");
  const notice = inbox.items.find((one) => one.title === "Un ordre de mission à signer");
  assert.ok(notice, JSON.stringify(inbox));
  assert.equal(notice.link, `${tool.home}/ordres/om-1042`);
  assert.equal(notice.readAt ?? null, null);
});

test("the count stands on the tile of the agent, and on nobody else's page", async () => {
  const tiles = async (agent) =>
    (await agent.get("/api/v1/home")).categories.flatMap((category) => category.tiles);
  const tile = (await tiles(administrator)).find((one) => one.id === tool.id);
  assert.equal(tile.count, 1);
  assert.equal((await tiles(neighbour)).find((one) => one.id === tool.id), undefined);
});

test("the agent finds what the tool holds, a neighbour does not", async () => {
  const mine = await administrator.search("ordre de mission");
  const source = Object.values(mine).find((one) => one.hits.some((hit) => hit.id === "om-1042"));
  assert.ok(source, JSON.stringify(mine));
  assert.equal(source.state, "complete");
  const theirs = await neighbour.search("ordre de mission");
  const all = Object.values(theirs).flatMap((one) => one.hits);
  assert.equal(all.find((hit) => hit.id === "om-1042"), undefined);
});

test("an agent outside the tile's audience does not exist for the tool", async () => {
  const { access_token: bearer } = await (await token("inbox")).json();
  const answer = await tell(bearer, { to: neighbour.account.email, kind: "x.y.z", title: "Bonjour" });
  assert.equal(answer.status, 404);
});

test("a scope that was not asked for, a wrong secret and a link to a script are refused", async () => {
  const { access_token: bearer } = await (await token("badge")).json();
  const notice = { to: administrator.account.email, kind: "x.y.z", title: "Bonjour" };
  assert.equal((await tell(bearer, notice)).status, 403);
  assert.equal((await token("inbox", { ...tool.client, secret: "wrong" })).status, 401);
  assert.equal((await token("openid")).status, 400);
  const { access_token: good } = await (await token("inbox")).json();
  assert.equal((await tell(good, { ...notice, link: "javascript:alert(1)" })).status, 422);
});

test("a flood meets the tool's own limit, named, and the inbox goes on", async () => {
  const { access_token: bearer } = await (await token("inbox")).json();
  let refused;
  for (let n = 0; n < 70 && refused === undefined; n += 1) {
    const answer = await tell(bearer, {
      to: administrator.account.email,
      kind: "x.y.z",
      title: `Relance ${n}`,
    });
    if (answer.status === 429) refused = await answer.json();
  }
  assert.equal(refused?.type, "/problems/too-many-notices");
  const inbox = await administrator.get("/api/v1/inbox");
  assert.ok(inbox.items.length > 0);
});

test("the launcher gives the public tools by number and refuses a foreign token", async () => {
  const services = `${demo.baseUrl}/api/launcher/v1/services`;
  const open = await fetch(services);
  assert.equal(open.status, 200);
  assert.equal(open.headers.get("access-control-allow-origin"), "*");
  const foreign = await fetch(services, { headers: { authorization: "Bearer nothing" } });
  assert.equal(foreign.status, 401);
});

test("a tool that hangs is said to be late beside the complete sources", async () => {
  tool.child.kill("SIGSTOP");
  try {
    const found = await administrator.search("ordre de mission");
    const late = Object.values(found).filter((one) => one.state === "late");
    assert.equal(late.length, 1, JSON.stringify(found));
    assert.ok(Object.values(found).some((one) => one.state === "complete"));
  } finally {
    tool.child.kill("SIGCONT");
  }
});
