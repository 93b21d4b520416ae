// "Tokens for your scripts", followed to the letter: its commands run as they stand, against the
// demonstration, and its table is what the description says.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startDemo } from "../lib/demo.mjs";
import { Agent } from "../portal/agent.mjs";
import { document, names } from "./document.mjs";

let doc;
let demo;
let claire;
let folder;

before(async () => {
  doc = await document("docs/integrator/tokens.md");
  folder = await mkdtemp(join(tmpdir(), "besace-tokens-"));
  await writeFile(join(folder, "annuaire.csv"), "nom;prenom;adresse\nDurand;Paul;paul.durand@interieur.gouv.fr\n");
  demo = await startDemo();
  claire = await Agent.signIn(demo, "claire.delmas@interieur.gouv.fr");
});
after(async () => {
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A token of Claire's for these scopes. */
function make(scopes) {
  return claire.call("POST", "/api/v1/account/tokens", { name: "Sauvegarde", scopes });
}

/** What a command of the document answers, run as it stands; its status is the last line. */
function run(command, token) {
  const env = { ...process.env, BESACE: demo.baseUrl, TOKEN: token, ORGANISATION: claire.session.agent.organisation.id };
  const shown = command.replace(/^curl /, "curl -sS -w '\\n%{http_code} %header{www-authenticate}' ");
  return new Promise((done, failed) => {
    execFile("sh", ["-c", shown], { cwd: folder, env }, (error, said) => {
      if (error) return failed(error);
      const end = said.lastIndexOf("\n");
      const [, status, challenge] = /^(\d+) ?(.*)$/.exec(said.slice(end + 1).trim());
      return done({ status: Number(status), challenge, body: said.slice(0, end) });
    });
  });
}

const commands = () => doc.blocks.filter(({ language }) => language === "sh").flatMap(({ content }) => content.trim().split("\n"));
const calls = () => commands().filter((line) => line.startsWith("curl"));

test("every call of the document works with the token that it asks for", async () => {
  const { secret } = await make(["profile:read", "people:read", "inbox:read", "admin:import"]);
  assert.equal(calls().length, 4);
  for (const call of calls()) {
    const { status, body } = await run(call, secret);
    assert.ok(status < 300, `${call}: ${status} ${body}`);
  }
});

test("the document's answer has the members that come", async () => {
  const { secret } = await make(["profile:read"]);
  const { body } = await run(calls()[0], secret);
  const shown = JSON.parse(doc.blocks.find(({ language }) => language === "json").content);
  const came = JSON.parse(body);
  for (const part of ["token", "agent"]) assert.deepEqual(Object.keys(came[part]).toSorted(), Object.keys(shown[part]).toSorted());
  assert.equal(came.agent.email, shown.agent.email);
});

test("a wrong token, a scope that lacks and a revoked token are refused as the document says", async () => {
  const answers = new Map(doc.table("answer").map(([answer, header]) => [names(answer)[0], names(header)[0]]));
  const { secret, token } = await make(["profile:read"]);
  const [own, people] = calls();
  const lacking = await run(people, secret);
  assert.deepEqual([lacking.status, lacking.challenge], [403, answers.get("insufficient-scope").replace("…", "people:read")]);
  await claire.call("DELETE", `/api/v1/account/tokens/${token.id}`);
  for (const wrong of [secret, `${secret}0`, "besace_"]) {
    const refused = await run(own, wrong);
    assert.deepEqual([refused.status, refused.challenge], [401, answers.get("invalid-token")], wrong);
  }
});

test("the table of scopes is what the description says", async () => {
  const { paths } = await (await fetch(`${demo.baseUrl}/api/v1/openapi.json`)).json();
  const open = new Map();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { security = [] }] of Object.entries(methods)) {
      const [scope] = security.find((one) => one.token)?.token ?? [];
      if (scope !== undefined) open.set(scope, [...(open.get(scope) ?? []), `${method.toUpperCase()} ${path}`]);
    }
  }
  const said = new Map(doc.table("scope").map(([scope, operations]) => [names(scope)[0], names(operations).toSorted()]));
  for (const operations of open.values()) operations.sort();
  assert.deepEqual(Object.fromEntries([...open].toSorted()), Object.fromEntries([...said].toSorted()));
});

test("a token is recognised by the expression and the checksum of the document", async () => {
  const { secret } = await make(["profile:read"]);
  const [expression] = /^besace_\[.*$/m.exec(doc.text);
  assert.match(secret, new RegExp(`^${expression}$`));
  const check = createHash("sha256").update(secret.slice(0, -8)).digest("hex").slice(0, 8);
  assert.equal(secret.slice(-8), check);
});
