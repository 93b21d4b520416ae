// The master key and the signing keys change while people sign in without a pause: nobody is
// refused, nobody is signed out, no page's change is lost, and the journal stays proved.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import { Balancer } from "../lib/balancer.mjs";
import { freePorts, program } from "../lib/demo.mjs";
import { configuration } from "../lib/serve.mjs";
import { Nats, startPostgres } from "../lib/servers.mjs";
import { Application } from "../oidc/application.mjs";
import { Browser } from "../oidc/browser.mjs";
import { BUS, CLAIRE, HUGO, startMinistry, startNode } from "./installation.mjs";
import { Person } from "./person.mjs";

/** People who sign in at once, one after the other each. */
const SIGNING_IN = 3;
/** How long they do between two steps of the rotation. */
const BETWEEN_MS = 1_500;

const MISSION = {
  client_id: "mission",
  name: "Ordres de mission",
  client_secret: "secret-of-the-application-0123456789-abcdef",
  redirect_uris: ["http://localhost:9/retour"],
  post_logout_redirect_uris: [],
  id_token_alg: "ES256",
  userinfo_alg: "ES256",
  refresh_tokens: true,
  auth_method: "client_secret_basic",
};
const REGISTERED = {
  clientId: MISSION.client_id,
  clientSecret: MISSION.client_secret,
  redirectUris: MISSION.redirect_uris,
  tokenEndpointAuthMethod: MISSION.auth_method,
  idTokenAlg: MISSION.id_token_alg,
  userinfo: "jwt",
};

/** Servers behind one address, each with a file of the first master key. */
async function start({ nodes }) {
  const folder = await mkdtemp(join(tmpdir(), "besace-rotation-"));
  const started = [];
  const keep = async (starting) => {
    const one = await starting;
    started.push(one);
    return one;
  };
  const stop = async () => {
    for (const one of started.reverse()) await one.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await freePorts(nodes + 2);
    const baseUrl = `http://localhost:${port}`;
    const several = nodes > 1;
    const postgres = several ? await keep(startPostgres()) : undefined;
    const nats = several ? await keep(Nats.start(BUS)) : undefined;
    const ministry = await keep(startMinistry(port + 1, baseUrl));
    const key = join(folder, "master.key");
    await writeFile(key, `${"5c".repeat(32)}\n`, { mode: 0o600 });
    const shared = { folder, baseUrl, ministry, postgres, nats };
    shared.more = { keys: { master_file: key } };
    shared.identity = { clients: [MISSION] };
    const all = [];
    const ports = [];
    for (let place = 0; place < nodes; place += 1) ports.push(port + 2 + place);
    await keep(Balancer.start(port, ports));
    for (const [place, own] of ports.entries()) {
      all.push(await keep(startNode(`node-${place}`, { port: own, ...shared })));
    }
    return { folder, baseUrl, key, nodes: all, one: { url: baseUrl }, stop, postgres };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Sign-ins and changes of open pages, without a pause, until told. */
class Load {
  #over = false;
  signIns = 0;
  changes = 0;
  refreshes = 0;
  failures = [];

  static async begin(installation) {
    const load = new Load();
    load.installation = installation;
    // Pages opened before anything changes.
    load.people = [await Person.signIn(installation, CLAIRE), await Person.signIn(installation, HUGO)];
    load.work = Promise.all([
      ...Array.from({ length: SIGNING_IN }, (_, place) => load.#again(() => load.#signIn(place))),
      ...load.people.map((person) => load.#again(() => load.#change(person))),
    ]);
    return load;
  }

  async #again(act) {
    while (!this.#over) {
      await act().catch((error) => this.failures.push(error.stack ?? String(error)));
      await pause(10);
    }
  }

  /** A whole sign-in at an application, as openid-client does and checks it, and its refresh. */
  async #signIn(place) {
    const { baseUrl } = this.installation;
    const application = await Application.discover(REGISTERED, `${baseUrl}/api/v2`);
    const request = await application.request({ scope: "openid email" });
    const account = place % 2 === 0 ? CLAIRE : HUGO;
    const stopAt = application.redirectUri;
    const callback = await new Browser().signIn(request.url, account, { stopAt });
    const tokens = await application.exchange(callback, request);
    const claims = await application.userinfo(tokens);
    assert.equal(claims.email, account.email);
    this.signIns += 1;
    if (tokens.refresh_token) {
      await application.refresh(tokens.refresh_token);
      this.refreshes += 1;
    }
  }

  async #change(person) {
    await person.call(this.installation.one, "PUT", "/api/v1/favourites", { tiles: [] });
    this.changes += 1;
  }

  async end() {
    this.#over = true;
    await this.work;
  }
}

/** Runs a command that must succeed. */
async function command(node, ...args) {
  const { code, said } = await node.command(...args);
  assert.equal(code, 0, `besace ${args.join(" ")}: ${said}`);
  return said;
}

/** The signing keys that wait sign in a moment, not in a quarter of an hour. */
async function hasten(installation) {
  const sql =
    `UPDATE identity_key SET active_at = ${Date.now() + 3_000} WHERE active_at > ${Date.now()};` +
    "UPDATE identity_revision SET revision = revision + 1 WHERE kind = 'key';";
  await promisify(execFile)("psql", ["-q", "-d", installation.postgres.url, "-c", sql]);
}

const signing = (list) => list.split("\n").filter((line) => line.includes("\tactive\t"));

test("two nodes change their master key and their signing keys, and no sign-in fails", async () => {
  const installation = await start({ nodes: 2 });
  const { nodes, key, folder } = installation;
  const [one, two] = nodes;
  try {
    const before = signing(await command(one, "admin", "keys", "list"));
    const load = await Load.begin(installation);
    await pause(BETWEEN_MS);
    await command(one, "admin", "keys", "rotate");
    await hasten(installation);
    const advice = await command(one, "admin", "keys", "rotate-master");
    const [, next] = advice.match(/^(\/\S+\.key) holds the next master key/m);
    assert.equal((await stat(next)).mode & 0o777, 0o600);
    const early = await one.command("admin", "keys", "reseal");
    assert.equal(early.code, 0, "nothing stands under another key yet");
    for (const node of nodes) {
      await node.change({ keys: { master_file: key, accepted_files: [next] } });
      await pause(BETWEEN_MS);
    }
    assert.match(await command(one, "admin", "keys", "list"), /accepted\thas sealed nothing/);
    for (const node of nodes) {
      await node.change({ keys: { master_file: next, accepted_files: [key] } });
      await pause(BETWEEN_MS);
    }
    assert.match(await command(two, "admin", "keys", "list"), /accepted\t\d+ values \(.*identity_key/);
    // Taken out too early: said by the check, and refused at a start.
    const other = join(folder, "other");
    await promisify(execFile)("mkdir", [other]);
    const config = {
      ...one.config,
      http: { ...one.config.http, listen: `127.0.0.1:${await freePorts(1)}` },
      keys: { master_file: next },
    };
    const file = await configuration(other, config);
    const refused = await promisify(execFile)(program(), ["serve", "--config", file]).catch((error) => error);
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, /stand under the master key \S+, which is not given.*keys\.accepted_files/s);
    assert.match(await command(two, "admin", "keys", "reseal"), /values sealed anew/);
    await pause(BETWEEN_MS);
    const after = await command(one, "admin", "keys", "list");
    assert.match(after, /accepted\tnothing under it: may leave the configuration from \d{4}/);
    assert.notDeepEqual(signing(after).map((line) => line.split("\t")[0]), before.map((line) => line.split("\t")[0]));
    // The checkpoint is signed anew within a minute; both keys are believed meanwhile.
    for (const node of nodes) assert.match(await command(node, "admin", "journal", "verify"), /: intact/);
    await load.end();
    console.log(`# ${load.signIns} sign-ins, ${load.refreshes} refreshes, ${load.changes} changes, ${load.failures.length} failures`);
    assert.deepEqual(load.failures, []);
    assert.ok(load.signIns >= 10, String(load.signIns));
    // Without the old key: who signed in since stays, and everybody else signs in anew.
    const late = await Person.signIn(installation, CLAIRE);
    for (const node of nodes) await node.change({ keys: { master_file: next } });
    await late.call(installation.one, "PUT", "/api/v1/favourites", { tiles: [] });
    const [claire] = load.people;
    assert.equal((await claire.ask(installation.one, "GET", "/api/v1/session")).status, 200, "still signed in");
    const stale = await claire.ask(installation.one, "PUT", "/api/v1/favourites", { tiles: [] });
    assert.equal(stale.status, 403, "its page is reloaded first");
    await Person.signIn(installation, HUGO);
  } finally {
    await installation.stop();
  }
});

test("one node on SQLite changes its master key, and its backup of before still restores", async () => {
  const installation = await start({ nodes: 1 });
  const { nodes, key, folder } = installation;
  const [node] = nodes;
  const backup = join(folder, "before");
  try {
    const load = await Load.begin(installation);
    await pause(BETWEEN_MS);
    await command(node, "backup", backup, "--with-master-key");
    const advice = await command(node, "admin", "keys", "rotate-master");
    const [, next] = advice.match(/^(\/\S+\.key) holds the next master key/m);
    await node.change({ keys: { master_file: next, accepted_files: [key] } });
    await pause(BETWEEN_MS);
    // Beside the server that works.
    assert.match(await command(node, "admin", "keys", "reseal"), /values sealed anew/);
    assert.match(await command(node, "admin", "keys", "list"), /accepted\tnothing under it/);
    assert.match(await command(node, "admin", "journal", "verify"), /: intact/);
    assert.match(await command(node, "restore", backup, "--check"), /it will do/);
    const during = join(folder, "during");
    await command(node, "backup", during, "--with-master-key");
    assert.ok((await readdir(during)).includes("master.key"));
    await load.end();
    console.log(`# ${load.signIns} sign-ins, ${load.refreshes} refreshes, ${load.changes} changes, ${load.failures.length} failures`);
    assert.deepEqual(load.failures, []);
    assert.ok(load.signIns >= 5, String(load.signIns));
    const [claire] = load.people;
    await node.change({ keys: { master_file: next } });
    assert.equal((await claire.ask(installation.one, "GET", "/api/v1/session")).status, 200);
    assert.match(await command(node, "admin", "journal", "verify"), /: intact/);
    // A backup of before needs the key of before.
    const { code, said } = await node.command("restore", backup, "--check");
    assert.equal(code, 1, said);
    assert.match(said, /not made under this master key/);
    // A signing key that is taken away is gone at once; without --yes nothing is done.
    const [active] = signing(await command(node, "admin", "keys", "list")).map((line) => line.split("\t")[0]);
    const asked = await node.command("admin", "keys", "withdraw", active);
    assert.equal(asked.code, 1);
    assert.match(asked.said, /--yes/);
    await command(node, "admin", "keys", "withdraw", active, "--yes");
    await pause(2_100);
    const jwks = await (await fetch(`${installation.baseUrl}/api/v2/jwks`)).json();
    assert.ok(!jwks.keys.some((one) => one.kid === active), JSON.stringify(jwks));
    const application = await Application.discover(REGISTERED, `${installation.baseUrl}/api/v2`);
    const request = await application.request();
    const callback = await new Browser().signIn(request.url, CLAIRE, { stopAt: application.redirectUri });
    await application.exchange(callback, request);
  } finally {
    await installation.stop();
  }
});
