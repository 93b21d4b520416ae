// "Connect your application in 15 minutes", followed to the letter: the program and the
// configuration are those of the document; only ports change, since others may be taken.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { freePorts, startBesace, startDemo } from "../lib/demo.mjs";
import { Browser } from "../oidc/browser.mjs";
import { document, names, path } from "./document.mjs";

let doc;
let demo;
let folder;

before(async () => {
  doc = await document("docs/integrator/connect-your-application.md");
  folder = await mkdtemp(join(tmpdir(), "besace-docs-"));
  // What `npm install` of the document brings, at the version the lock here pins.
  await symlink(path("tests/peers/docs/node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }');
  await writeFile(join(folder, "application.mjs"), doc.file("application.mjs"));
  demo = await startDemo();
});
after(async () => {
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Runs the document's program until `stop`. */
async function application(env) {
  const child = spawn(process.execPath, ["application.mjs"], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  assert.match(String(said[0]), /^Ready: /);
  const stop = async () => {
    child.kill();
    await once(child, "exit");
  };
  return { home: env.HOME, stop };
}

/** The demonstration's own application, as the document takes its place. */
function registered() {
  const found = demo.identity.clients.find((one) => one.clientId === "frais-de-mission");
  return {
    ISSUER: demo.identity.issuer,
    HOME: new URL(found.redirectUris[0]).origin,
  };
}

/** Signs this person in and answers the application's home page. */
async function signIn(browser, app, account) {
  const stopAt = `${app.home}/retour`;
  const callback = await browser.signIn(`${app.home}/sign-in`, account, { stopAt });
  return browser.open(callback);
}

test("the document installs what is tested here", async () => {
  const pinned = JSON.parse(await readFile(path("tests/peers/docs/package.json"), "utf8"));
  const version = pinned.dependencies["openid-client"];
  assert.equal(doc.command("npm install"), `npm install openid-client@${version}`);
  const program = doc.file("application.mjs");
  const client = demo.identity.clients.find((one) => one.clientId === "frais-de-mission");
  assert.ok(program.includes(`CLIENT_SECRET = "${client.clientSecret}"`));
  assert.equal(client.tokenEndpointAuthMethod, "client_secret_basic");
});

test("an agent of the demonstration signs in to the document's application, and out", async () => {
  const app = await application(registered());
  try {
    const browser = new Browser();
    const claire = demo.identity.accounts.find((one) => doc.text.includes(`\`${one.email}\``));
    const page = await signIn(browser, app, claire);
    assert.match(page.words, /Claire Delmas, claire\.delmas@interieur\.gouv\.fr/);
    assert.match(page.words, /Ministère de l’Intérieur, level eidas1/);

    const left = await browser.open(`${app.home}/sign-out`);
    assert.equal(left.url, `${app.home}/`);
    assert.match(left.words, /Nobody is signed in/);
    const ministry = demo.identity.providers.find((one) => one.id === claire.provider);
    assert.ok(browser.visited.some((url) => url.startsWith(`${ministry.issuer}/session/end`)));
    // Neither Besace nor the ministry recognises anybody now.
    const again = await browser.open(`${app.home}/sign-in`);
    assert.ok(again.url.startsWith(`${demo.baseUrl}/connexion/`), again.url);
    assert.ok(again.formWith("email"));
  } finally {
    await app.stop();
  }
});

test("a wrong secret signs nobody in", async () => {
  const app = await application({ ...registered(), CLIENT_SECRET: "not the secret, but as long as it is" });
  try {
    const page = await signIn(new Browser(), app, demo.identity.accounts[0]);
    assert.equal(page.status, 400);
    assert.match(page.text, /invalid_client/);
  } finally {
    await app.stop();
  }
});

test("an address that is not registered gets nothing", async () => {
  const app = await application({ ...registered(), HOME: `http://localhost:${await freePorts(1)}` });
  try {
    const page = await new Browser().open(`${app.home}/sign-in`);
    assert.equal(page.status, 400);
    assert.ok(page.url.startsWith(demo.baseUrl), page.url);
    assert.match(page.text, /invalid_redirect_uri/);
  } finally {
    await app.stop();
  }
});

test("the document's configuration registers the document's application", async () => {
  const port = await freePorts(2);
  const moved = (text) => text.replaceAll(":8080", `:${port}`).replaceAll(":8085", `:${port + 1}`);
  await writeFile(join(folder, "besace.toml"), moved(doc.file("besace.toml")));
  const [command] = doc.command("besace serve").match(/serve .*/);
  const args = command.split(" ").map((word) => word.replace("besace.toml", join(folder, "besace.toml")));
  const server = await startBesace(args, {
    ready: `http://localhost:${port}/readyz`,
    env: { BESACE__DATABASE__FOLDER: join(folder, "data") },
  });
  const given = Object.fromEntries(
    doc.command("CLIENT_ID=").split(" ").filter((word) => word.includes("=")).map((word) => word.split("=")),
  );
  const app = await application({
    ...given,
    ISSUER: `http://localhost:${port}/api/v2`,
    HOME: `http://localhost:${port + 1}`,
  });
  try {
    const browser = new Browser();
    const camille = { email: "camille.martin@agriculture.example", password: "a-password-for-this-machine" };
    const page = await signIn(browser, app, camille);
    assert.match(page.words, /Camille Martin, camille\.martin@agriculture\.example/);
    const left = await browser.open(`${app.home}/sign-out`);
    assert.match(left.words, /Nobody is signed in/);
  } finally {
    await app.stop();
    await server.stop();
  }
});

test("scopes, claims and levels of the document are those of discovery", async () => {
  const discovery = await (await fetch(`${demo.identity.issuer}/.well-known/openid-configuration`)).json();
  const rows = doc.table("scope");
  assert.deepEqual(rows.map(([scope]) => names(scope)[0]), discovery.scopes_supported);
  const claims = rows.flatMap(([, opened]) => names(opened));
  const missing = claims.filter((claim) => !discovery.claims_supported.includes(claim));
  assert.deepEqual(missing, []);
  const said = new Set([...claims, ...names(doc.prose)]);
  assert.deepEqual(discovery.claims_supported.filter((claim) => !said.has(claim)), []);
  for (const level of discovery.acr_values_supported) assert.ok(doc.text.includes(`\`${level}\``), level);
});
