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
