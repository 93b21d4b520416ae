// A backup beside a running server, and a server started on what was restored.

import assert from "node:assert/strict";
import { chmod, copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { freePorts, startBesace } from "../lib/demo.mjs";
import { installation } from "./lib.mjs";

let port;
let place;
let server;

const start = () =>
  startBesace(["serve", "--config", place.file], { ready: `http://127.0.0.1:${port}/healthz` });

before(async () => {
  port = await freePorts(1);
  place = await installation(`
[http]
listen = "127.0.0.1:${port}"
[database]
folder = "{F}/data"
[[identity.organisations]]
siret = "11001401600015"
label = "Ministère de l’Intérieur"
[[portal.categories]]
id = "communiquer"
title = "Communiquer"
family = "blue"
`);
  server = await start();
});
after(async () => {
  await server?.stop();
  await place?.remove();
});

test("a second process on the same folder is refused and says whom to stop", async () => {
  const other = join(place.folder, "other.toml");
  const text = await readFile(place.file, "utf8");
  await writeFile(other, text.replace(`127.0.0.1:${port}`, `127.0.0.1:${await freePorts(1)}`));
  const { code, errors } = await place.runWith(other, "serve");
  assert.equal(code, 1);
  assert.match(errors, /is used by another process: stop that one/);
  assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200, "the first goes on");
});

test("beside the server a backup is made, tried and noted; the key stays out", async () => {
  const folder = join(place.folder, "backups", "monday");
  const { code, said, errors } = await place.run("backup", "--drill", folder);
  assert.equal(code, 0, errors);
  assert.match(said, /The master key is NOT in it/);
  assert.match(said, /opened and verified: it will do/);
  // The checkpoint comes along once there is one: a minute after the first entry, or at a start.
  const files = (await readdir(folder)).filter((name) => name !== "journal.checkpoint");
  assert.deepEqual(files.sort(), ["besace.sqlite", "manifest.json"]);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, "besace.sqlite"))).mode & 0o777, 0o600);
  const again = await place.run("backup", folder);
  assert.equal(again.code, 1);
  assert.match(again.errors, /is not empty, and a backup writes over nothing/);
  const facts = await place.check();
  for (const about of ["backup", "restore"]) {
    assert.equal(facts.find((fact) => fact.about === about).level, "ok", about);
  }
});

test("a lost folder comes back from the backup and the key kept elsewhere", async () => {
  const folder = join(place.folder, "backups", "tuesday");
  assert.equal((await place.run("backup", folder)).code, 0);
  const beside = await place.run("admin", "journal", "verify");
  assert.equal(beside.code, 0, beside.errors);
  assert.match(beside.said, /^1 chains, [1-9]\d* entries: intact/);
  const refused = await place.run("restore", folder);
  assert.equal(refused.code, 1, "over live data");
  assert.match(refused.errors, /writes over nothing/);
  await server.stop();
  server = undefined;
  const data = join(place.folder, "data");
  await rename(data, join(place.folder, "lost"));
  const keyless = await place.run("restore", folder);
  assert.equal(keyless.code, 1);
  assert.match(keyless.errors, /the master key is not there/);
  await mkdir(data, { mode: 0o700 });
  await copyFile(join(place.folder, "lost", "master.key"), join(data, "master.key"));
  const restored = await place.run("restore", folder);
  assert.equal(restored.code, 0, restored.errors);
  assert.match(restored.said, /intact/);
  server = await start();
  assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200);
  assert.equal((await place.run("admin", "journal", "verify")).code, 0);
});

test("a backup of which a byte was changed is refused, by `check` too", async () => {
  const folder = join(place.folder, "backups", "monday");
  const file = join(folder, "besace.sqlite");
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await chmod(file, 0o600);
  await writeFile(file, bytes);
  const { code, errors } = await place.run("restore", "--check", folder);
  assert.equal(code, 1);
  assert.match(errors, /besace\.sqlite is not the file that was backed up/);
});
