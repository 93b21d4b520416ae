// Mails of a running Besace, from an application's urgent notice to a mail server of another
// project: what arrives, what a busy server gets later and once, what is given up and put back.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { certificates } from "../lib/certificates.mjs";
import { Agent } from "../portal/agent.mjs";
import { startMailServer } from "./server.mjs";
import { PEOPLE, startState } from "./state.mjs";

const { claire, ines, yann } = PEOPLE;
const TITLE = "Évacuation du bâtiment B à 14 h";
const USERS = { besace: "mot de passe : été" };
/** The first pause after a failure. */
const PAUSE_MS = 10_000;

let folder;
let post;
let state;
let agents;
let application;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "besace-mail-"));
  const { authority, certificate, key } = await certificates(folder, ["localhost"]);
  const rules = {
    ines: ["451 4.7.1 greylisted, come back later"],
    yann: [`550 5.1.1 <${yann.email}> unknown here`],
  };
  post = await startMailServer({ certificate, key, users: USERS, rules });
  const account = { user: "besace", password: USERS.besace };
  const from = "Besace <besace@besace.example>";
  state = await startState({ host: "localhost", port: post.port, from, ...account }, authority);
  agents = [];
  for (const { email } of [claire, ines, yann]) {
    const agent = await Agent.signIn(state, email);
    await withoutQuietHours(agent);
    agents.push(agent);
  }
  application = await publish(agents[0]);
});
after(async () => {
  await state?.stop();
  await post?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The tests run at any hour. */
async function withoutQuietHours(agent) {
  const read = await agent.ask("GET", "/api/v1/settings");
  const settings = await read.json();
  settings.quietHours.days = settings.quietHours.days.map(() => null);
  await agent.call("PUT", "/api/v1/settings", settings, { "if-match": read.headers.get("etag") });
}

/** A tool for the ministry, and the secret of its application. */
async function publish(administrator) {
  const organisation = administrator.session.agent.organisation.id;
  const categories = await administrator.get("/api/v1/admin/categories");
  const made = await administrator.call("POST", "/api/v1/admin/tools", {
    name: { fr: "Sécurité du site", en: "Site safety" },
    description: { fr: "Prévenir", en: "Warn" },
    category: categories.items[0].id,
    icon: "train-line",
    url: "http://localhost:9/",
    reaches: ["internet"],
    organisation,
    audience: { organisation: { id: organisation, subtree: false } },
  });
  const client = await administrator.call("POST", `/api/v1/admin/tools/${made.id}/application`, {
    redirectUris: ["http://localhost:9/retour"],
    postLogoutRedirectUris: [],
  });
  await administrator.call("POST", `/api/v1/admin/tools/${made.id}/publish`, { confirmEverybody: true });
  return client;
}

/** An urgent notice of the application to an agent. */
async function warn(email, title = TITLE) {
  const basic = Buffer.from(`${application.clientId}:${application.secret}`).toString("base64");
  const token = await fetch(`${state.baseUrl}/api/v2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "inbox" }),
  });
  const { access_token: bearer } = await token.json();
  const answer = await fetch(`${state.baseUrl}/api/v1/inbox`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify({
      to: email,
      kind: "site.alert.raised",
      urgency: "urgent",
      title: { fr: title, en: "Evacuation" },
      detail: { fr: "Point de rassemblement : cour d’honneur.\n.\nŒuvrez dans le calme." },
      link: "/notifications",
    }),
  });
  assert.equal(answer.status, 201, await answer.text());
}

const mailTo = (email) => post.until(() => post.mails(email)[0], `a mail to ${email}`);

test("an urgent notice leaves at once, over TLS, and is read as it was written", async () => {
  await warn(claire.email);
  const mail = await mailTo(claire.email);
  assert.equal(mail.encrypted, true);
  assert.equal(mail.user, "besace");
  assert.equal(mail.sender, "besace@besace.example");
  assert.deepEqual(mail.to, [claire.email]);
  assert.deepEqual(mail.recipients, [{ name: "Claire Delmas-L’Hôte", address: claire.email }]);
  assert.equal(mail.values.from, "Besace <besace@besace.example>");
  assert.equal(mail.values.subject, `Urgent\u00a0: ${TITLE}`);
  assert.match(mail.plain, /^Bonjour Claire,\r?\n/);
  assert.ok(mail.plain.includes(TITLE), mail.plain);
  assert.match(mail.plain, /cour d’honneur\.\r?\n {2}\.\r?\n {2}Œuvrez dans le calme\./);
  assert.ok(mail.html.includes("cour d’honneur.<br>.<br>Œuvrez"), mail.html);
  assert.ok(mail.html.includes(`${state.baseUrl}/notifications`), mail.html);
  assert.deepEqual(mail.defects, []);
});

test("its headers say what mails must say, and nothing of the agent or the machine", async () => {
  const mail = await mailTo(claire.email);
  assert.deepEqual([...mail.headers].sort(), [
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "list-unsubscribe",
    "message-id",
    "mime-version",
    "subject",
    "to",
  ]);
  assert.match(mail.values["message-id"], /^<[0-9a-f-]{36}@besace\.example>$/);
  assert.equal(mail.values["auto-submitted"], "auto-generated");
  assert.equal(mail.values["list-unsubscribe"], `<${state.baseUrl}/reglages>`);
  assert.match(mail.values["content-type"], /^multipart\/alternative/);
  assert.ok(Math.abs(Date.parse(mail.values.date) - Date.now()) < 600_000, mail.values.date);
  assert.match(mail.raw, /^[\x00-\x7f]*$/);
  const lines = mail.raw.split(/\r?\n/);
  assert.ok(lines.every((line) => line.length <= 998));
  const { agent } = agents[0].session;
  const about = [agent.id, agent.organisation.id, claire.uid, claire.subject, application.clientId];
  for (const secret of about) {
    assert.ok(!`${mail.raw}${mail.plain}${mail.html}`.includes(secret), secret);
  }
});

test("a busy server gets the same mail ten seconds later, once", async () => {
  const asked = () => post.of("recipient").filter((one) => one.address === ines.email);
  await warn(ines.email);
  await post.until(() => asked().length === 1, "the first try");
  const first = Date.now();
  assert.match(asked()[0].answer, /^451/);
  assert.deepEqual(post.mails(ines.email), []);
  const mail = await mailTo(ines.email);
  assert.ok(Date.now() - first >= PAUSE_MS - 500, "not before its pause");
  assert.equal(mail.values.subject, `Urgent\u00a0: ${TITLE}`);
  // Its date is that of the notice, not of the try.
  assert.ok(Date.parse(mail.values.date) <= first);
  assert.equal(asked().length, 2);
});

test("mails that follow each other share a connection, which is closed when none does", async () => {
  const connected = () => post.of("connected").length;
  const before = connected();
  for (let number = 1; number <= 8; number += 1) {
    const title = `Alerte ${number}`;
    await warn(claire.email, title);
    const named = (one) => one.values.subject === `Urgent\u00a0: ${title}`;
    await post.until(() => post.mails(claire.email).some(named), title);
  }
  assert.ok(connected() - before <= 1, `${connected() - before} connections for 8 mails`);
  await post.until(() => post.of("quit").length === connected(), "a goodbye on each connection");
});

test("a recipient refused for good is a dead letter; put back, it leaves once", async () => {
  await warn(yann.email);
  const asked = () => post.of("recipient").filter((one) => one.address === yann.email);
  await post.until(() => asked().length === 1, "the refusal");
  assert.match(asked()[0].answer, /^550/);
  await state.pause();
  const listed = await state.admin("dead-letters");
  assert.equal(listed.code, 0, listed.errors);
  const [line, ...more] = listed.said.trim().split("\n");
  assert.deepEqual(more, []);
  assert.match(line, /^\d+\t\S+Z\tjob mail\.send\t1 try\t.*550.*unknown here$/);
  assert.ok(!line.includes("@"), line);
  const [letter] = JSON.parse((await state.admin("dead-letters", "--json")).said);
  // Sealed: a mail may hold what opens an account.
  assert.deepEqual(Object.keys(letter.payload), ["sealed"]);
  const wrong = await state.admin("dead-letters", "--retry", String(letter.id + 1));
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors, /no such dead letter/);
  const back = await state.admin("dead-letters", "--retry-kind", "mail.send");
  assert.equal(back.code, 0, back.errors);
  assert.match(back.said, /^1 put back/);
  assert.match((await state.admin("dead-letters")).said, /^no dead letters/);
  assert.deepEqual(post.mails(yann.email), [], "nothing leaves before the server runs");
  await state.start();
  await mailTo(yann.email);
});

test("after all that each mail came once, and the log names nobody", async () => {
  await state.pause();
  const ids = post.of("mail").map((one) => one.values["message-id"]);
  assert.equal(new Set(ids).size, ids.length, ids.join("\n"));
  assert.equal(post.mails(ines.email).length, 1);
  assert.equal(post.mails(yann.email).length, 1);
  const log = state.log();
  assert.match(log, /a job failed/);
  for (const word of [claire.email, ines.email, yann.email, USERS.besace, TITLE]) {
    assert.ok(!log.includes(word), `the log holds ${word}`);
  }
  await state.start();
});
