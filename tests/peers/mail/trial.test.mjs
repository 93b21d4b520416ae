// `besace admin mail-test` and `besace check` against a mail server of another project: what is
// said at each step, and that nothing is sent where the configuration does not trust the server.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { certificates } from "../lib/certificates.mjs";
import { freePorts, program } from "../lib/demo.mjs";
import { configuration } from "../lib/serve.mjs";
import { startMailServer } from "./server.mjs";

const CLAIRE = "claire.delmas@interieur.example";
const USERS = { besace: "mot de passe : été" };

let folder;
let ours;
const servers = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "besace-mail-"));
  ours = await certificates(folder, ["localhost"]);
});
after(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function server(options = {}) {
  const { certificate, key } = ours;
  const started = await startMailServer({ certificate, key, ...options });
  servers.push(started);
  return started;
}

/** Runs `besace` with a configuration of the mail server; `trusts` its authority or not. */
async function besace(args, { port }, { trusts = true, ...mail } = {}) {
  const file = await configuration(folder, {
    mail: { host: "localhost", port, from: "Besace <besace@besace.example>", ...mail },
    outgoing: { extra_roots: trusts ? [ours.authority] : [] },
  });
  return new Promise((done) => {
    execFile(program(), [...args, "--config", file], { cwd: folder }, (error, said, errors) => {
      done({ code: error ? error.code : 0, said, errors });
    });
  });
}

const mailTest = (to, ...rest) => besace(["admin", "mail-test", "--to", to], ...rest);

test("a mail passes by STARTTLS under an authority that the configuration names", async () => {
  const post = await server();
  const { code, said } = await mailTest(CLAIRE, post);
  assert.equal(code, 0, said);
  assert.match(said, /^ok {3}connection: courrier\.example answers$/m);
  assert.match(said, /^ok {3}encryption: STARTTLS, and the certificate is trusted$/m);
  assert.match(said, /^ok {3}recipient: 250 /m);
  assert.match(said, /^ok {3}message: 250 2\.0\.0 taken$/m);
  const [mail] = post.mails(CLAIRE);
  assert.equal(mail.encrypted, true);
  assert.equal(mail.greeted, "besace.example");
  assert.equal(mail.sender, "besace@besace.example");
  assert.equal(mail.values.subject, "Besace\u00a0: courriel d’essai demandé par l’exploitation");
  assert.match(mail.plain, /S’il se lit avec ses accents \(é, ç, œ\)/);
  assert.match(mail.plain, /If its accents can be read/);
  assert.deepEqual(mail.defects, []);
});

test("a certificate of an unknown authority gets no mail and no password", async () => {
  const post = await server({ users: USERS });
  const account = { user: "besace", password: USERS.besace };
  const { code, said } = await mailTest(CLAIRE, post, { trusts: false, ...account });
  assert.equal(code, 2);
  assert.match(said, /^BAD {2}encryption: .*UnknownIssuer/m);
  assert.match(said, /^ {5}to mend: .*outgoing\.extra_roots/m);
  assert.deepEqual([...post.of("login"), ...post.of("recipient"), ...post.of("mail")], []);
});

test("a certificate of another name gets no mail", async () => {
  const post = await server();
  const { code, said } = await mailTest(CLAIRE, post, { host: "127.0.0.1" });
  assert.equal(code, 2);
  assert.match(said, /^BAD {2}encryption: .*not valid for name/m);
  assert.deepEqual([...post.of("recipient"), ...post.of("mail")], []);
});

test("a server that offers no STARTTLS gets no mail and no password", async () => {
  const post = await server({ mode: "none" });
  const account = { user: "besace", password: USERS.besace };
  const { code, said } = await mailTest(CLAIRE, post, account);
  assert.equal(code, 2);
  assert.match(said, /^BAD {2}encryption: the server offers no STARTTLS$/m);
  assert.deepEqual([...post.of("login"), ...post.of("recipient"), ...post.of("mail")], []);
});

test("TLS from the first byte, with the same trust", async () => {
  const post = await server({ mode: "tls" });
  const { code, said } = await mailTest(CLAIRE, post, { security: "tls" });
  assert.equal(code, 0, said);
  assert.match(said, /^ok {3}connection: courrier\.example answers, by TLS/m);
  assert.equal(post.mails(CLAIRE).length, 1);
  const untrusted = await mailTest(CLAIRE, post, { security: "tls", trusts: false });
  assert.equal(untrusted.code, 2);
  assert.match(untrusted.said, /^BAD {2}connection: .*UnknownIssuer/m);
  assert.equal(post.mails(CLAIRE).length, 1);
});

test("the account signs in, in UTF-8; a wrong password is named as such and never shown", async () => {
  const post = await server({ users: USERS });
  const { code, said } = await mailTest(CLAIRE, post, { user: "besace", password: USERS.besace });
  assert.equal(code, 0, said);
  assert.match(said, /^ok {3}account: signed in$/m);
  assert.equal(post.mails(CLAIRE)[0].user, "besace");
  assert.deepEqual(post.of("login").map((one) => [one.good, one.encrypted]), [[true, true]]);
  const wrong = await mailTest(CLAIRE, post, { user: "besace", password: "pas le bon" });
  assert.equal(wrong.code, 2);
  assert.match(wrong.said, /^BAD {2}account: .*535/m);
  assert.doesNotMatch(wrong.said + wrong.errors, /pas le bon/);
  const nobody = await mailTest(CLAIRE, post);
  assert.equal(nobody.code, 2);
  assert.match(nobody.said, /^BAD {2}sender: .*530/m);
  assert.equal(post.mails(CLAIRE).length, 1);
});

test("an account at a server that knows none is said, before any mail", async () => {
  const post = await server();
  const { code, said } = await mailTest(CLAIRE, post, { user: "besace", password: "secret" });
  assert.equal(code, 2);
  assert.match(said, /^BAD {2}account: the server offers neither AUTH PLAIN nor AUTH LOGIN$/m);
  assert.deepEqual(post.of("recipient"), []);
});

test("a recipient that is refused is told with the server's words, without the address", async () => {
  const post = await server({ rules: { personne: ["550 5.1.1 <personne@x.example> unknown here"] } });
  const { code, said } = await mailTest("personne@x.example", post);
  assert.equal(code, 2);
  assert.match(said, /^BAD {2}recipient: .*550.* … unknown here$/m);
  assert.match(said, /^no mail was sent/m);
  assert.deepEqual(post.of("mail"), []);
});

test("an address with accents reaches a server that takes them", async () => {
  const post = await server();
  const { code, said } = await mailTest("hélène@été.example", post);
  assert.equal(code, 0, said);
  assert.equal(post.of("mail").length, 1);
});

test("nobody answers, no address, no mail server: each is said", async () => {
  const port = await freePorts(1);
  const away = await mailTest(CLAIRE, { port });
  assert.equal(away.code, 2);
  assert.match(away.said, /^BAD {2}connection: .*refused/m);
  const post = await server();
  const nowhere = await mailTest("personne", post);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.errors, /--to: not a mail address/);
  const without = await besace(["admin", "mail-test"], post);
  assert.equal(without.code, 0);
  assert.match(without.said, /^no mail was sent: give an address with --to/m);
  assert.deepEqual(post.of("recipient"), []);
});

test("check speaks to the mail server and sends nothing", async () => {
  const post = await server();
  const fact = async (options) => {
    const { said } = await besace(["check", "--json"], post, options);
    return JSON.parse(said).find((one) => one.about === "mail");
  };
  const good = await fact({});
  assert.deepEqual([good.level, good.found], ["ok", "leaves through localhost, which answers"]);
  const bad = await fact({ trusts: false });
  assert.equal(bad.level, "error");
  assert.match(bad.found, /^localhost: encryption: .*UnknownIssuer/);
  assert.match(bad.mend, /outgoing\.extra_roots/);
  assert.deepEqual([...post.of("recipient"), ...post.of("mail")], []);
});
