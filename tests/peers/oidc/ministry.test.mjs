// npm oidc-provider as a ministry's provider of Besace: the whole way from an application through
// Besace to the ministry and back, and what happens when the ministry misbehaves.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { freePorts } from "../lib/demo.mjs";
import { Application } from "./application.mjs";
import { SIRET, startBroker } from "./broker.mjs";
import { Browser } from "./browser.mjs";
import { RemoteMinistry } from "./remote-ministry.mjs";

const PASSWORD = "ministère-de-confiance";

/** One ministry for each way of behaving; each has its own domain. */
const KINDS = {
  json: {},
  jwt: { signed: true },
  liar: { claimedIssuer: "http://localhost:9/liar" },
  late: { clockOffset: -600 },
  expired: { clockOffset: -600, tokenLife: 300 },
  early: { clockOffset: 600 },
  mortal: {},
};

const ministries = {};
let broker;
let application;

const person = (kind) => ({
  sub: `agent-${kind}`,
  uid: `uid-${kind}`,
  email: `camille.moreau@${kind}.gouv.example`,
  given_name: "Camille",
  usual_name: "Moreau-L'Hôte",
  siret: SIRET,
  belonging_population: "agent",
});

before(async () => {
  const port = await freePorts(Object.keys(KINDS).length + 2);
  const baseUrl = `http://localhost:${port}`;
  const providers = [];
  let next = port + 2;
  for (const [kind, options] of Object.entries(KINDS)) {
    const client = {
      id: "besace",
      secret: `secret-of-besace-at-${kind}-0123456789`,
      redirectUri: `${baseUrl}/api/v2/oidc-callback`,
      postLogoutRedirectUri: `${baseUrl}/api/v2/client/logout-callback`,
    };
    ministries[kind] = await RemoteMinistry.start({
      port: next,
      client,
      people: [person(kind)],
      ...options,
    });
    providers.push({
      id: kind,
      title: `Ministère ${kind}`,
      issuer: ministries[kind].issuer,
      client,
      domains: [`${kind}.gouv.example`],
    });
    next += 1;
  }
  broker = await startBroker({ port, providers, redirectUri: `http://localhost:${port + 1}/callback` });
  application = await Application.discover(broker.client, broker.issuer);
});
after(async () => {
  await broker?.stop();
  for (const ministry of Object.values(ministries)) ministry.stop();
});

/** A whole sign-in of this ministry's agent; the claims that the application got. */
async function signIn(kind, browser = new Browser()) {
  const request = await application.request();
  const account = { email: person(kind).email, password: PASSWORD };
  const callback = await browser.signIn(request.url, account, { stopAt: application.redirectUri });
  return application.userinfo(await application.exchange(callback, request));
}

/** A sign-in that must end on a page of Besace, without a session. */
async function refusedSignIn(kind) {
  const browser = new Browser();
  const request = await application.request();
  const { email } = person(kind);
  let page = await browser.open(request.url, { stopAt: application.redirectUri });
  for (let step = 0; step < 4 && page.status !== 0 && page.status < 400; step += 1) {
    page = await browser.answer(page, { email, password: PASSWORD }, { stopAt: application.redirectUri });
  }
  if (page.status === 0) {
    assert.equal(new URL(page.url).searchParams.get("code"), null, "the application got a code");
  } else {
    assert.ok(page.url.startsWith(broker.baseUrl), `ended on ${page.url}`);
    assert.ok(page.status >= 400, `answered ${page.status}: ${page.words}`);
  }
  const silent = await application.request({ prompt: "none" });
  const later = await browser.open(silent.url, { stopAt: application.redirectUri });
  assert.equal(new URL(later.url).searchParams.get("error"), "login_required");
  return page;
}

for (const kind of ["json", "jwt"]) {
  test(`a ministry with ${kind} userinfo vouches for its agent`, async () => {
    const claims = await signIn(kind);
    const expected = person(kind);
    for (const name of ["uid", "email", "given_name", "usual_name", "siret"]) {
      assert.equal(claims[name], expected[name], name);
    }
    assert.notEqual(claims.sub, expected.sub, "the subject is Besace's own");
  });
}

test("the same agent keeps the same subject, agents of two ministries have two", async () => {
  const [first, again, other] = [await signIn("json"), await signIn("json"), await signIn("jwt")];
  assert.equal(first.sub, again.sub);
  assert.notEqual(first.sub, other.sub);
});

test("a ministry may change its keys at any moment", async () => {
  const before = await signIn("jwt");
  await ministries.jwt.rotate();
  const afterwards = await signIn("jwt");
  assert.equal(afterwards.sub, before.sub);
});

test("a ministry whose tokens name another issuer is refused", async () => {
  await refusedSignIn("liar");
});

test("a ministry whose clock is ten minutes late is accepted while its tokens live", async () => {
  assert.equal((await signIn("late")).email, person("late").email);
});

test("a token that has expired by our clock is refused", async () => {
  await refusedSignIn("expired");
});

test("a token from the future is refused", async () => {
  await refusedSignIn("early");
});

test("a ministry that is dead is named, hurts no other, and is found again once back", async () => {
  await ministries.mortal.die();
  const page = await refusedSignIn("mortal");
  assert.match(page.words, /Ministère mortal/);
  assert.equal((await signIn("json")).email, person("json").email);
  await ministries.mortal.revive();
  await comesBack("mortal");
});

test("a ministry that dies while its agent is there is named, and is found again", async () => {
  await comesBack("mortal");
  const browser = new Browser();
  const request = await application.request();
  const account = { email: person("mortal").email, password: PASSWORD };
  const stopAt = `${broker.baseUrl}/api/v2/oidc-callback`;
  const callback = await browser.signIn(request.url, account, { stopAt });
  await ministries.mortal.die();
  const page = await browser.open(callback, { stopAt: application.redirectUri });
  assert.ok(page.status >= 400, `answered ${page.status} on ${page.url}`);
  assert.match(page.words, /Ministère mortal/);
  await ministries.mortal.revive();
  await comesBack("mortal");
});

/** Besace leaves a dead ministry in peace for some seconds before it tries again. */
async function comesBack(kind) {
  const until = Date.now() + 60_000;
  for (;;) {
    const claims = await signIn(kind).catch((error) => error);
    if (claims.email) return;
    assert.ok(Date.now() < until, `still refused: ${claims.message}`);
    await pause(1_000);
  }
}
