// As in production: https everywhere, Besace, a ministry and an application on sites of their
// own, certificates of a private authority, the ministry reached through its network's proxy.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { certificates } from "../../../tests/peers/lib/certificates.mjs";
import { freePorts } from "../../../tests/peers/lib/demo.mjs";
import { startNameProxy } from "../../../tests/peers/lib/name-proxy.mjs";
import { serve } from "../../../tests/peers/lib/serve.mjs";
import { launch, look, person } from "../lib/chromium.mjs";
import { atHome, giveAddress, givePassword, SIGN_IN, signOut } from "../lib/steps.mjs";

const SIRET = "13002526500013";
const SECRET = "secret-of-besace-at-the-ministry-0123";
const account = {
  email: "claire.delmas@ministere.test",
  password: "une phrase assez longue",
  givenName: "Claire",
  usualName: "Delmas",
};

let folder;
let proxy;
let ministry;
let besace;
let browser;
let site;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "besace-tls-"));
  const files = await certificates(folder, ["besace.test", "ministere.test"]);
  const port = await freePorts(2);
  site = `https://besace.test:${port}`;
  const issuer = `https://ministere.test:${port + 1}`;
  const tls = { certificate: files.certificate, key: files.key };
  const organisations = [{ siret: SIRET, label: "Ministère de l’Essai", legal_category: "7113" }];
  proxy = await startNameProxy();
  const ready = (where) => ({ ready: where, fetch: (url) => trusting(url) });
  ministry = await serve(
    {
      http: { listen: `127.0.0.1:${port + 1}`, base_url: `${issuer}/`, tls },
      site: { name: "Ministère de l’Essai" },
      identity: {
        organisations,
        local: {
          realm: "ministere",
          organisation: SIRET,
          accounts: [
            {
              subject: "01930001-7c52-7b1d-8000-000000000001",
              email: account.email,
              password: account.password,
              given_name: account.givenName,
              usual_name: account.usualName,
              uid: "cdelmas",
              population: "agent",
            },
          ],
        },
        clients: [
          {
            client_id: "besace",
            name: "Besace",
            client_secret: SECRET,
            redirect_uris: [`${site}/api/v2/oidc-callback`],
            post_logout_redirect_uris: [`${site}/api/v2/client/logout-callback`],
            userinfo_alg: "ES256",
          },
        ],
      },
    },
    ready(`https://127.0.0.1:${port + 1}/readyz`),
  );
  besace = await serve(
    {
      http: { listen: `127.0.0.1:${port}`, base_url: `${site}/`, tls },
      outgoing: {
        allow: [new URL(issuer).host],
        extra_roots: [files.authority],
        proxies: { ministere: proxy.url },
      },
      identity: {
        organisations,
        providers: [
          {
            id: "ministere",
            title: "Ministère de l’Essai",
            issuer: `${issuer}/api/v2`,
            client_id: "besace",
            client_secret: SECRET,
            domains: ["ministere.test"],
            organisation: SIRET,
          },
        ],
      },
    },
    ready(`https://127.0.0.1:${port}/readyz`),
  );
  browser = await launch({
    args: [
      "--host-resolver-rules=MAP *.test 127.0.0.1",
      // Only what this key certifies is believed.
      `--ignore-certificate-errors-spki-list=${files.fingerprint}`,
    ],
  });
});
after(async () => {
  await browser?.close();
  await besace?.stop();
  await ministry?.stop();
  await proxy?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Whether a server answers; its certificate names another host than the address it is asked at. */
function trusting(url) {
  return new Promise((done, fail) => {
    const request = get(url, { rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode });
    });
    request.on("error", fail);
  });
}

test("over https an agent signs in at a ministry on another site, and signs out of both", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(`${site}/connexion`);
  await look(page, "tls-sign-in", { looks: ["light"] });
  await giveAddress(page, account.email);
  await page.waitForURL((url) => url.hostname === "ministere.test");
  await givePassword(page, account);
  await atHome(page, account);
  assert.equal(new URL(page.url()).origin, site);
  assert.ok(proxy.asked.includes("ministere.test"), "the ministry was not reached by its proxy");
  await signOut(page);
  await page.goto(`${site}/connexion`);
  await giveAddress(page, account.email);
  await page.locator('input[type="password"]').waitFor();
  assert.equal(new URL(page.url()).hostname, "ministere.test");
  await visitor.leave();
});

test("every cookie is bound to its host, kept from scripts and sent over https only", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  await page.goto(`${site}/connexion`);
  await giveAddress(page, account.email);
  await givePassword(page, account);
  await atHome(page, account);
  const cookies = await visitor.context.cookies();
  const readable = ["besace-lang", "besace-theme"];
  const session = cookies.filter((cookie) => !readable.includes(cookie.name));
  assert.ok(session.length >= 2, "each site keeps a session");
  for (const cookie of session) {
    assert.match(cookie.name, /^__Host-/);
    assert.ok(cookie.secure && cookie.httpOnly && cookie.path === "/", cookie.name);
    assert.notEqual(cookie.sameSite, "None", cookie.name);
    assert.ok(!cookie.domain.startsWith("."), cookie.domain);
  }
  await visitor.leave();
});

test("the browser is told to come back over https only", async () => {
  const visitor = await person(browser);
  const page = await visitor.tab();
  const answer = await page.goto(`${site}/connexion`);
  await page.waitForURL(SIGN_IN);
  const headers = await answer.allHeaders();
  assert.match(headers["strict-transport-security"] ?? "", /max-age=\d{7,}/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.ok(headers["referrer-policy"]);
  await visitor.leave();
});
