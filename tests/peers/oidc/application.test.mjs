// npm openid-client 6 as an application of Besace: what an integrator gets, and what is refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as client from "openid-client";

import { startDemo } from "../lib/demo.mjs";
import { Application, registration } from "./application.mjs";
import { Browser } from "./browser.mjs";

let demo;
let agent;

before(async () => {
  demo = await startDemo();
  agent = demo.identity.accounts[0];
});
after(() => demo?.stop());

const discover = (wanted, options) =>
  Application.discover(registration(demo, wanted), demo.identity.issuer, options);

/** A whole sign-in, each time in a new browser unless one is given. */
async function signIn(application, { browser = new Browser(), account = agent, extra } = {}) {
  const request = await application.request(extra);
  const callback = await browser.signIn(request.url, account, { stopAt: application.redirectUri });
  return { browser, request, callback };
}

/** What must be said of the person whatever the application. */
function isAgent(claims, account = agent) {
  assert.equal(claims.email, account.email);
  assert.equal(claims.given_name, account.givenName);
  assert.equal(claims.usual_name, account.usualName);
  assert.match(claims.sub, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
}

for (const [name, wanted] of [
  ["ES256 with signed userinfo", { idTokenAlg: "ES256", userinfo: "jwt" }],
  ["ES256 with JSON userinfo", { idTokenAlg: "ES256", userinfo: "json" }],
  ["RS256", { idTokenAlg: "RS256" }],
  ["client_secret_post", { tokenEndpointAuthMethod: "client_secret_post" }],
  ["client_secret_basic", { tokenEndpointAuthMethod: "client_secret_basic" }],
]) {
  test(`an application with ${name} signs an agent in`, async () => {
    const application = await discover(wanted);
    const { request, callback } = await signIn(application);
    const tokens = await application.exchange(callback, request);
    assert.equal(tokens.claims().nonce, request.nonce);
    assert.equal(tokens.token_type, "bearer");
    isAgent(await application.userinfo(tokens));
  });
}

test("each account of the demonstration signs in, at its own ministry", async () => {
  const application = await discover({ userinfo: "jwt" });
  for (const account of demo.identity.accounts) {
    const { browser, request, callback } = await signIn(application, { account });
    const provider = demo.identity.providers.find((one) => one.id === account.provider);
    assert.ok(browser.visited.some((url) => url.startsWith(provider.issuer)), account.email);
    isAgent(await application.userinfo(await application.exchange(callback, request)), account);
  }
});

test("discovery at the root of the host says the same as at the issuer", async () => {
  const root = new URL("/.well-known/openid-configuration", demo.baseUrl);
  const under = `${demo.identity.issuer}/.well-known/openid-configuration`;
  const [one, other] = await Promise.all([root, under].map((url) => fetch(url)));
  assert.deepEqual(await one.json(), await other.json());
  assert.equal(one.headers.get("set-cookie"), null);
  const application = await Application.discover(
    registration(demo, { idTokenAlg: "ES256" }),
    root.href,
  );
  assert.equal(application.config.serverMetadata().issuer, demo.identity.issuer);
});

test("the answer names its issuer, and keeps the state", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  assert.equal(
    application.config.serverMetadata().authorization_response_iss_parameter_supported,
    true,
  );
  const { request, callback } = await signIn(application);
  const answer = new URL(callback).searchParams;
  assert.equal(answer.get("iss"), demo.identity.issuer);
  assert.equal(answer.get("state"), request.state);
});

test("the subject of an agent is the same for every application", async () => {
  const subjects = new Set();
  for (const wanted of [{ idTokenAlg: "ES256" }, { idTokenAlg: "RS256" }]) {
    const application = await discover(wanted);
    const { request, callback } = await signIn(application);
    subjects.add((await application.exchange(callback, request)).claims().sub);
  }
  assert.equal(subjects.size, 1);
});

test("a second application asks for no second password", async () => {
  const first = await discover({ idTokenAlg: "ES256" });
  const { browser } = await signIn(first);
  const second = await discover({ idTokenAlg: "RS256" });
  const request = await second.request();
  const seen = browser.visited.length;
  const page = await browser.open(request.url, { stopAt: second.redirectUri });
  assert.equal(page.status, 0, `asked for more on ${page.url}`);
  const visited = browser.visited.slice(seen);
  assert.ok(visited.every((url) => url.startsWith(demo.baseUrl)), visited.join("\n"));
  isAgent(await second.userinfo(await second.exchange(page.url, request)));
});

test("prompt=none answers with the session, and login_required without one", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { browser } = await signIn(application);
  const silent = await application.request({ prompt: "none" });
  const with_session = await browser.open(silent.url, { stopAt: application.redirectUri });
  assert.ok(new URL(with_session.url).searchParams.get("code"));

  const refused = await application.request({ prompt: "none" });
  const without = await new Browser().open(refused.url, { stopAt: application.redirectUri });
  const answer = new URL(without.url).searchParams;
  assert.equal(answer.get("error"), "login_required");
  assert.equal(answer.get("state"), refused.state);
  assert.equal(answer.get("iss"), demo.identity.issuer);
  assert.equal(answer.get("code"), null);
});

test("a redirect address differing by one character gets a page and no redirect", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  for (const wrong of [
    `${application.redirectUri}/`,
    application.redirectUri.slice(0, -1),
    application.redirectUri.replace("http:", "https:"),
    application.redirectUri.toUpperCase(),
    `${application.redirectUri}?a=b`,
  ]) {
    const request = await application.request({ redirect_uri: wrong });
    const response = await fetch(request.url, { redirect: "manual" });
    assert.equal(response.status, 400, wrong);
    assert.equal(response.headers.get("location"), null);
    assert.match(response.headers.get("content-type"), /^text\/html/);
  }
});

test("an unknown application gets a page and no redirect", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const request = await application.request({ client_id: "nobody" });
  const response = await fetch(request.url, { redirect: "manual" });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("location"), null);
});

test("a code works once", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { request, callback } = await signIn(application);
  const tokens = await application.exchange(callback, request);
  await refused(application.exchange(callback, request), "invalid_grant", 400);
  // Whoever replays a code may have stolen it: what it gave is taken back.
  await assert.rejects(application.userinfo(tokens));
});

test("a code with another verifier is refused, and burnt", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { request, callback } = await signIn(application);
  const verifier = client.randomPKCECodeVerifier();
  await refused(application.exchange(callback, request, { verifier }), "invalid_grant", 400);
});

test("a code is of no use to another application", async () => {
  const [one, other] = await Promise.all([
    discover({ idTokenAlg: "ES256" }),
    discover({ idTokenAlg: "RS256" }),
  ]);
  const { callback, request } = await signIn(one);
  const stolen = new URL(callback);
  await refused(other.exchange(stolen.href, request), "invalid_grant", 400);
});

for (const method of ["client_secret_post", "client_secret_basic"]) {
  test(`a wrong secret by ${method} is refused`, async () => {
    const application = await discover({ tokenEndpointAuthMethod: method }, { secret: "x".repeat(43) });
    const { request, callback } = await signIn(application);
    await refused(application.exchange(callback, request), "invalid_client", 401);
  });
}

test("an answer with another state is refused by the application", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { request, callback } = await signIn(application);
  const forged = application.exchange(callback, { ...request, state: "another" });
  await assert.rejects(forged, (error) => /state/.test(error.cause?.message));
});

test("a made-up access token learns nothing", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const endpoint = application.config.serverMetadata().userinfo_endpoint;
  const response = await fetch(endpoint, { headers: { authorization: "Bearer made-up" } });
  assert.equal(response.status, 401);
  assert.match(response.headers.get("www-authenticate"), /^Bearer .*error="invalid_token"/);
});

for (const wanted of [{ idTokenAlg: "ES256" }, { idTokenAlg: "RS256" }]) {
  test(`an application with ${wanted.idTokenAlg} refreshes, asks about its tokens and gives them back`, async () => {
    const application = await discover(wanted);
    const metadata = application.config.serverMetadata();
    assert.ok(metadata.grant_types_supported.includes("refresh_token"));
    assert.ok(!metadata.scopes_supported.includes("offline_access"));
    const { request, callback } = await signIn(application);
    const first = await application.exchange(callback, request);
    assert.ok(first.refresh_token, "given without offline_access");
    const second = await application.refresh(first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(second.claims().sub, first.claims().sub);
    assert.equal(second.claims().auth_time, first.claims().auth_time);
    isAgent(await application.userinfo(second));

    for (const token of [second.access_token, second.refresh_token]) {
      const told = await application.introspect(token);
      assert.equal(told.active, true);
      assert.equal(told.client_id, application.registered.clientId);
      assert.equal(told.sub, first.claims().sub);
    }
    assert.deepEqual(await application.introspect("made-up"), { active: false });

    await application.revoke("made-up");
    await application.revoke(second.refresh_token);
    assert.deepEqual(await application.introspect(second.access_token), { active: false });
    await assert.rejects(application.userinfo(second));
    await refused(application.refresh(second.refresh_token), "invalid_grant", 400);
  });
}

test("fifty tabs that refresh one token at once all go on", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { request, callback } = await signIn(application);
  const { refresh_token } = await application.exchange(callback, request);
  const tabs = await Promise.all(
    Array.from({ length: 50 }, () => application.refresh(refresh_token)),
  );
  for (const tokens of tabs) isAgent(await application.userinfo(tokens));
  isAgent(await application.userinfo(await application.refresh(tabs[49].refresh_token)));
});

test("tokens of one application are nothing to another", async () => {
  const [one, other] = await Promise.all([
    discover({ idTokenAlg: "ES256" }),
    discover({ idTokenAlg: "RS256" }),
  ]);
  const { request, callback } = await signIn(one);
  const tokens = await one.exchange(callback, request);
  await refused(other.refresh(tokens.refresh_token), "invalid_grant", 400);
  await refused(other.revoke(tokens.refresh_token), "invalid_grant", 400);
  assert.deepEqual(await other.introspect(tokens.access_token), { active: false });
  isAgent(await one.userinfo(await one.refresh(tokens.refresh_token)));
});

test("a person who signs out ends what their applications may refresh", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { browser, request, callback } = await signIn(application);
  const tokens = await application.exchange(callback, request);
  const [back] = application.registered.postLogoutRedirectUris;
  const url = application.endSession(tokens, { post_logout_redirect_uri: back });
  await browser.open(url, { stopAt: back });
  await refused(application.refresh(tokens.refresh_token), "invalid_grant", 400);
});

test("signing out at an application ends the session everywhere", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { browser, request, callback } = await signIn(application);
  const tokens = await application.exchange(callback, request);
  const [back] = application.registered.postLogoutRedirectUris;
  const state = client.randomState();
  const url = application.endSession(tokens, { post_logout_redirect_uri: back, state });
  let page = await browser.open(url, { stopAt: back });
  for (let step = 0; step < 3 && page.status !== 0 && page.form; step += 1) {
    page = await browser.submit(page, page.form, {}, { stopAt: back });
  }
  assert.ok(page.url.startsWith(back), `ended on ${page.url}: ${page.words}`);
  assert.equal(new URL(page.url).searchParams.get("state"), state);
  const silent = await application.request({ prompt: "none" });
  const later = await browser.open(silent.url, { stopAt: application.redirectUri });
  assert.equal(new URL(later.url).searchParams.get("error"), "login_required");
});

test("signing out never sends a person to an address that was not registered", async () => {
  const application = await discover({ idTokenAlg: "ES256" });
  const { browser, request, callback } = await signIn(application);
  const tokens = await application.exchange(callback, request);
  const foreign = "http://localhost:9/elsewhere";
  const url = application.endSession(tokens, { post_logout_redirect_uri: foreign });
  const page = await browser.open(url, { stopAt: foreign });
  assert.notEqual(page.status, 0, "the browser was sent there");
  assert.ok(page.url.startsWith(demo.baseUrl));
});

/** The token endpoint's own refusal, not a check of the library. */
async function refused(promise, error, status) {
  const cause = await promise.then(
    () => assert.fail("it was accepted"),
    (reason) => reason,
  );
  // The library reads a body only when no challenge stands beside it.
  const body = cause.response?.bodyUsed === false ? await cause.response.json() : cause;
  assert.equal(body.error, error, String(cause));
  assert.equal(cause.status, status);
}
