// Every operation of the API's description, asked by everybody, against the table of
// docs/operator/access.md: what is allowed is written down, what is not is refused. A new operation
// has no line, and fails here until somebody decided who may do it (`UPDATE_ACCESS=1` writes the
// table; its change is what is read over).

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { path as fromTop } from "../docs/document.mjs";
import { startDemo } from "../lib/demo.mjs";
import { callers, KINDS, script } from "./callers.mjs";
import { SAMPLES, world } from "./samples.mjs";

const TABLE = fromTop("docs/operator/access.md");
const METHODS = ["get", "post", "put", "patch", "delete"];
/** What every administrator has, whosever administration is meant: its answer is about theirs. */
const OWN = [
  "GET /api/v1/admin/categories",
  "GET /api/v1/admin/imports/template.csv",
  "GET /api/v1/admin/requests",
  "POST /api/v1/admin/audience/try",
  "POST /api/v1/admin/providers/check",
  "POST /api/v1/admin/tools/check-address",
];
/** Who asks is not looked at. */
const PUBLIC = ["GET /api/v1/site"];
/** Another program, which the operation asked, did not answer: the caller was let in. */
const BEYOND = [502, 503, 504];
const HEADER = `| operation | ${KINDS.join(" | ")} |`;

let demo;
let everybody;
let found;

before(async () => {
  demo = await startDemo();
  everybody = await callers(demo);
  found = await askAll();
});
after(() => demo?.stop());

/** Every operation, with the scope by which a token opens it; none: it is closed to tokens. */
async function operations() {
  const answer = await fetch(`${demo.baseUrl}/api/v1/openapi.json`);
  const { paths } = await answer.json();
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) => ({
      operation: `${method.toUpperCase()} ${path}`,
      scope: methods[method].security?.find((one) => one.token)?.token[0],
    })),
  );
}

/** What each kind was answered, by operation. */
async function askAll() {
  const subject = world(everybody);
  const answers = new Map();
  for (const { operation } of await operations()) {
    const [method, template] = operation.split(" ");
    const verdicts = [];
    for (const kind of KINDS) {
      const sample = (await SAMPLES[operation]?.(subject)) ?? {};
      const { path = template, body, headers } = sample;
      assert.doesNotMatch(path, /\{/, `${operation} needs a line in samples.mjs`);
      const answer = await everybody.asks[kind](method, path, body, headers);
      // The live stream never ends by itself.
      await answer.body?.cancel();
      verdicts.push({ kind, status: answer.status });
    }
    answers.set(operation, verdicts);
  }
  return answers;
}

/** “let in” is any answer that is not about who asks. */
function word({ status }) {
  if (status >= 500 && !BEYOND.includes(status)) return `fault ${status}`;
  return { 401: "sign in first", 403: "refused", 404: "unseen", 429: "too often" }[status] ?? "**let in**";
}

function table() {
  const rows = [...found].map(([operation, verdicts]) => `| \`${operation}\` | ${verdicts.map(word).join(" | ")} |`);
  return [HEADER, `| ${"--- | ".repeat(KINDS.length + 1)}`.trim(), ...rows.toSorted()].join("\n");
}

test("who may do what is what the table says", async () => {
  const document = await readFile(TABLE, "utf8");
  const from = document.indexOf(HEADER.slice(0, 13));
  assert.notEqual(from, -1, `${TABLE} holds the table`);
  const end = document.indexOf("\n\n", from);
  const kept = document.slice(from, end === -1 ? undefined : end).trimEnd();
  if (process.env.UPDATE_ACCESS) {
    await writeFile(TABLE, document.replace(kept, () => table()));
    return;
  }
  assert.deepEqual(table().split("\n"), kept.split("\n"));
});

test("no operation of the administration lets in who has no role, or another administration's", () => {
  for (const [operation, verdicts] of found) {
    if (!operation.includes(" /api/v1/admin/")) continue;
    const status = (kind) => verdicts.find((one) => one.kind === kind).status;
    for (const kind of ["stranger", "application"]) assert.equal(status(kind), 401, `${operation}: ${kind}`);
    if (OWN.includes(operation)) continue;
    for (const kind of ["agent", "neighbour"]) {
      assert.ok([403, 404].includes(status(kind)), `${operation}: ${kind} had ${status(kind)}`);
    }
  }
});

test("a token opens what names its scope and nothing else", async () => {
  const open = await operations();
  for (const { operation, scope } of open) {
    const { status } = found.get(operation).find((one) => one.kind === "token");
    // The others ask for a session, or for a token of an application.
    if (scope === undefined && !PUBLIC.includes(operation)) assert.ok([401, 403].includes(status), `${operation} had ${status}`);
    if (scope !== undefined) assert.ok(![401, 403].includes(status), `${operation} had ${status}`);
  }
  const scopes = [...new Set(open.map(({ scope }) => scope).filter(Boolean))];
  const subject = world(everybody);
  for (const one of scopes) {
    const others = await script(demo, everybody.scripted, scopes.filter((scope) => scope !== one));
    for (const { operation } of open.filter(({ scope }) => scope === one)) {
      const [method, template] = operation.split(" ");
      const { path = template, body, headers } = (await SAMPLES[operation]?.(subject)) ?? {};
      const answer = await others(method, path, body, headers);
      assert.equal(answer.status, 403, operation);
      assert.equal(answer.headers.get("www-authenticate"), `Bearer error="insufficient_scope", scope="${one}"`);
    }
  }
});

test("a guest is let in to a written short list, whatever is added", () => {
  const letIn = [...found].filter(([, verdicts]) => word(verdicts.find(({ kind }) => kind === "guest")) === "**let in**");
  const own = /^[A-Z]+ \/api\/v1\/(account\/|client-errors|home|inbox|live|openapi|session|settings|site)/;
  const open = /^[A-Z]+ \/api\/launcher\/v1\//;
  for (const [operation] of letIn) assert.ok(own.test(operation) || open.test(operation), operation);
  for (const operation of ["GET /api/v1/people", "GET /api/v1/search", "GET /api/v1/organisations", "POST /api/v1/invitations"]) {
    const { status } = found.get(operation).find(({ kind }) => kind === "guest");
    assert.equal(status, 403, operation);
  }
});

test("nobody makes the program fail", () => {
  for (const [operation, verdicts] of found) {
    for (const { kind, status } of verdicts) assert.ok(status < 500 || BEYOND.includes(status), `${operation}: ${kind} had ${status}`);
  }
});

test("a parameter that the description puts into the path is in the path", async () => {
  const { paths } = await (await fetch(`${demo.baseUrl}/api/v1/openapi.json`)).json();
  for (const [path, methods] of Object.entries(paths)) {
    for (const { parameters = [] } of Object.values(methods)) {
      const named = parameters.filter((one) => one.in === "path").map((one) => one.name);
      assert.deepEqual(named.filter((name) => !path.includes(`{${name}}`)), [], path);
    }
  }
});
