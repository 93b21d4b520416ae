// The operator's documents: the example is a configuration that works, every key is described,
// and the numbers are those of the program.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { program } from "../lib/demo.mjs";
import { document, names, path } from "./document.mjs";

let folder;
let example;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "besace-operator-"));
  example = await readFile(path("besace.example.toml"), "utf8");
});
after(() => folder && rm(folder, { recursive: true, force: true }));

/** What `besace check` says of a configuration. */
async function check(text) {
  const file = join(folder, "besace.toml");
  await writeFile(file, text);
  return new Promise((done) => {
    execFile(program(), ["check", "--json", "--config", file], { cwd: folder }, (error, said) => {
      done({ code: error ? error.code : 0, facts: JSON.parse(said) });
    });
  });
}

test("the example is accepted as it stands", async () => {
  const { code, facts } = await check(example);
  // What the machine of the test may lack (room, open files) is a warning.
  assert.deepEqual(facts.filter((fact) => fact.level === "error"), []);
  assert.ok(code < 2, String(code));
});

test("every setting that the example shows in a comment is one", async () => {
  const shown = example.replace(/^#(?=\S)/gm, "");
  assert.ok(shown.length < example.length);
  // Looked at for its form only: nothing here answers at its addresses.
  const { facts } = await check(shown.replace(/^url = "postgres.*$/m, ""));
  assert.deepEqual(facts[0], { about: "configuration", level: "ok", found: join(folder, "besace.toml") });
});

test("a misspelt key of the example is refused with the right one", async () => {
  const { code, facts } = await check(example.replace("base_url", "base_ulr"));
  assert.equal(code, 2);
  assert.match(facts[0].found, /Did you mean `base_url`\?/);
});

test("every key of the configuration is in the reference", async () => {
  const doc = await document("docs/operator/configuration.md");
  const said = new Set(names(doc.text.replace(/^```[\s\S]*?^```$/gm, "")).flatMap((name) => name.match(/\w+/g) ?? []));
  const sources = path("crates/besace/src/config");
  const missing = [];
  for (const name of await readdir(sources)) {
    const source = await readFile(join(sources, name), "utf8");
    for (const [, section, body] of source.matchAll(/struct (\w+Section) \{([\s\S]*?)^\}/gm)) {
      for (const [, key] of body.matchAll(/pub\(crate\) (\w+):/g)) {
        if (!said.has(key)) missing.push(`${section}.${key}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});

test("the limits per address are those of the program", async () => {
  const doc = await document("docs/operator/limits.md");
  const source = await readFile(path("crates/kernel-http/src/rate.rs"), "utf8");
  const table = source.slice(source.indexOf("pub const LIMITS"), source.indexOf("];"));
  const limits = [...table.matchAll(/name: "([^"]+)",\s+per_second: ([\d_]+),\s+burst: ([\d_]+)/g)];
  const plain = (number) => number.replaceAll("_", "");
  assert.ok(limits.length > 0);
  assert.deepEqual(
    doc.table("limit").map(([name, , sustained, burst]) => [names(name)[0], sustained, burst]),
    limits.map(([, name, sustained, burst]) => [name, plain(sustained), plain(burst)]),
  );
});

/** Where a limit is in the program, and the row of the document that says it. */
const LIMITS = [
  ["kernel-http/src/app.rs", "BODY_LIMIT", "body"],
  ["kernel-http/src/middleware/size.rs", "LONGEST_URL", "address (path and query)"],
  ["kernel-http/src/middleware/size.rs", "HEADERS", "headers together"],
  ["kernel-http/src/middleware/time_limit.rs", "LIMIT", "until the answer begins"],
  ["tools/identity/src/http/form.rs", "MOST", "form parameters of the sign-in protocol"],
  ["tools/portal/src/http/search/get.rs", "WORDS", "a search"],
  ["tools/portal/src/domain/tool_index.rs", "WORDS", "a search"],
  ["tools/portal/src/service/search/mod.rs", "DEADLINE", "a source of it"],
  ["tools/portal/src/domain/source_answer.rs", "HITS", "a source of it"],
  ["tools/portal/src/domain/breaker.rs", "REST", "a source that fails five times in a row"],
  ["tools/portal/src/domain/address.rs", "MAX_LENGTH", "address of an application's search"],
  ["tools/portal/src/domain/badge_count.rs", "MOST", "count on a tile"],
  ["tools/identity/src/domain/interaction.rs", "LIFETIME", "a sign-in under way"],
  ["tools/identity/src/domain/interaction.rs", "MAX_PER_BROWSER", "sign-ins under way in one browser"],
  ["tools/identity/src/domain/interaction.rs", "MAX_SEALED", "the sealed cookie of one"],
  ["tools/identity/src/domain/session.rs", "LIFETIME", "session"],
  ["tools/identity/src/domain/code.rs", "LIFETIME", "authorization code"],
  ["tools/identity/src/service/access.rs", "LIFETIME", "access token, id token"],
  ["tools/identity/src/domain/refresh.rs", "LIFETIME", "refresh token"],
  ["tools/identity/src/domain/refresh.rs", "GRACE", "refresh token"],
  ["tools/identity/src/domain/signing.rs", "PERIOD", "key that signs tokens"],
  ["tools/identity/src/domain/signing.rs", "AHEAD", "key that signs tokens"],
  ["tools/identity/src/domain/signing.rs", "KEPT", "key that signs tokens"],
  ["tools/identity/src/service/address.rs", "LIFETIME", "address kept on a machine"],
  ["tools/identity/src/domain/authorize.rs", "TEXT_MAX", "`state`, `nonce`"],
  ["tools/identity/src/domain/authorize.rs", "CLAIMS_MAX", "`claims`"],
  ["proto/jose/src/token.rs", "MAX_TOKEN_BYTES", "any token read"],
  ["tools/identity/src/domain/provider.rs", "DOMAINS", "domains of a provider plugged in on the pages"],
  ["tools/identity/src/upstream/link.rs", "CALL_TIME", "one call"],
  ["tools/identity/src/upstream/breaker.rs", "FAILURES", "calls without an answer until a provider is left alone"],
  ["tools/identity/src/upstream/breaker.rs", "PROBE_EVERY", "calls without an answer until a provider is left alone"],
  ["tools/identity/src/upstream/link.rs", "METADATA_LIFE", "metadata kept"],
  ["tools/identity/src/upstream/link.rs", "KEYS_LIFE", "keys kept"],
  ["tools/identity/src/upstream/metadata.rs", "LONGEST", "an answer"],
  ["tools/identity/src/upstream/userinfo.rs", "LONGEST", "an answer"],
  ["proto/jose/src/jwk_set.rs", "MAX_KEYS", "keys of a provider"],
  ["tools/identity/src/upstream/userinfo.rs", "LEEWAY", "clocks apart"],
  ["kernel-db/src/sqlite/group.rs", "MAX_GROUP", "SQLite: writes under one commit"],
  ["kernel-db/src/sqlite/mod.rs", "QUEUE", "SQLite: writes, and reads, that may wait"],
  ["kernel-db/src/config.rs", "DEFAULT_CONNECTIONS", "PostgreSQL: connections"],
  ["kernel-db/src/postgres/pool.rs", "WAIT", "PostgreSQL: wait for a connection"],
  ["kernel-http/src/health.rs", "PATIENCE", "`/readyz`"],
  ["kernel-db/src/backoff.rs", "MAX_ATTEMPTS", "tries of a job or an event"],
  ["kernel-db/src/workers.rs", "CHECKPOINT_ENTRIES", "a checkpoint of the journal"],
  ["kernel-db/src/journal/proof.rs", "MOST_STEPS", "entries of the journal recomputed to prove one"],
  ["tools/identity/src/service/journal/export.rs", "STRETCH", "entries of the journal in one piece of an export"],
  ["tools/identity/src/service/journal/ask.rs", "MOST_AGENTS", "agents that a name stands for"],
  ["tools/identity/src/service/journal/mod.rs", "ONE_READING", "a reading of the journal"],
  ["kernel-bus/src/envelope.rs", "MAX_PAYLOAD", "what a hint says"],
  ["kernel-bus/src/bus.rs", "RECENT", "hints that wait to be sent"],
  ["kernel-bus/src/nats/config.rs", "LONGEST_WAIT", "tries to reach it again"],
  ["kernel-http/src/nodes/follow.rs", "COMPARE", "comparing while it is down"],
  ["kernel-db/src/sqlite/copy.rs", "STEP", "step of a copy (SQLite)"],
  ["besace/src/office/server.rs", "CALLERS", "commands at once beside a server"],
  ["besace/src/office/server.rs", "ORDER", "commands at once beside a server"],
  ["kernel-db/src/backup/manifest.rs", "LARGEST", "a manifest that is read"],
  ["besace/src/commands/check/transport.rs", "SOON", "`check`: certificate ends soon, is urgent"],
  ["besace/src/commands/check/clock.rs", "TOO_FAR", "`check`: clocks apart, too far"],
  ["besace/src/commands/check/files.rs", "SLOW", "`check`: a sync of the disk is slow"],
  ["tools/portal/src/domain/news/announcement.rs", "SHOWN_FOR", "an announcement without an end"],
  ["tools/portal/src/service/inbox/mark.rs", "UNDO", "“mark all as read”"],
  ["tools/portal/src/domain/news/settings.rs", "SOURCES", "tools that one agent silences"],
  ["kernel-mail/src/server.rs", "ANSWER", "an answer of the mail server"],
  ["tools/portal/src/service/inbox/retention.rs", "NOTICES", "notifications"],
  ["kernel-db/src/retention.rs", "DEAD_LETTERS", "dead letters"],
  ["kernel-db/src/retention.rs", "DELIVERED", "events that all consumers have had"],
];

/** How a constant of the program is written for people: each of these may stand in the row. */
function written(text) {
  const product = (words) => words.split("*").reduce((all, one) => {
    const sum = one.split("+").reduce((s, part) => s + Number(part.replaceAll("_", "").trim()), 0);
    return all * sum;
  }, 1);
  const sum = (words) => words.split("+").reduce((all, part) => all + product(part), 0);
  const duration = text.match(/^Duration::from_(millis|secs|mins|hours)\((.*)\)$/);
  if (!duration) {
    const number = sum(text);
    const units = [[1_048_576, "MiB"], [1_000_000, "MB"], [1_024, "KB"]];
    return [number.toLocaleString("en"), String(number), ...units.map(([unit, name]) => `${number / unit} ${name}`)];
  }
  const units = { millis: 0.001, secs: 1, mins: 60, hours: 3_600 };
  const seconds = units[duration[1]] * sum(duration[2]);
  const said = [[0.001, "ms"], [1, "s"], [60, "minute"], [3_600, "hour"], [86_400, "day"]];
  return said.flatMap(([unit, name]) => {
    const count = Math.round((seconds / unit) * 1e6) / 1e6;
    return count === 1 ? [`1 ${name}`, `every ${name}`] : [`${count} ${name}`];
  });
}

test("the limits in the tables are those of the program", async () => {
  const text = await readFile(path("docs/operator/limits.md"), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  const wrong = [];
  for (const [file, name, what] of LIMITS) {
    const source = await readFile(path(join("crates", file)), "utf8");
    const value = source.match(new RegExp(`const ${name}: [^=]+=\\s*([^;]+);`))?.[1];
    const row = rows.filter((line) => line.split("|")[1].trim().startsWith(what));
    if (!value || row.length === 0) wrong.push(`${file} ${name}: ${value ?? "no such constant"}, ${row.length} rows “${what}”`);
    else if (!written(value).some((words) => row.some((line) => new RegExp(`(?<![\\d,.])${words.replaceAll(".", "\\.")}(?![\\d])`).test(line)))) {
      wrong.push(`${file} ${name} = ${value}: not in “${row.join("")}”`);
    }
  }
  assert.deepEqual(wrong, []);
});
