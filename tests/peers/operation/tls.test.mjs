// The program's own TLS, spoken to by openssl's and Node's clients, and renewed under them.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect as connectH2 } from "node:http2";
import { get } from "node:https";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "node:tls";

import { certificates } from "../lib/certificates.mjs";
import { freePorts, startBesace } from "../lib/demo.mjs";
import { install, installation, until } from "./lib.mjs";

let port;
let place;
let server;
const made = [];

before(async () => {
  port = await freePorts(2);
  place = await installation(`
[http]
listen = "127.0.0.1:${port}"
base_url = "https://localhost:${port}/"
metrics = "127.0.0.1:${port + 1}"
[http.tls]
certificate = "{F}/chain.pem"
key = "{F}/key.pem"
[database]
folder = "{F}/data"
`);
  for (const name of ["first", "second"]) {
    const folder = join(place.folder, name);
    await mkdir(folder);
    const files = await certificates(folder, ["localhost"]);
    made.push({
      authority: await readFile(files.authority, "utf8"),
      certificate: await readFile(files.certificate, "utf8"),
      key: await readFile(files.key, "utf8"),
    });
  }
  await install(made[0], join(place.folder, "chain.pem"), join(place.folder, "key.pem"));
  server = await startBesace(["serve", "--config", place.file], {
    ready: `https://localhost:${port}/healthz`,
    fetch: () => answer(made[0]).then((ok) => ({ ok: ok.status === 200, status: ok.status })),
  });
});
after(async () => {
  await server?.stop();
  await place?.remove();
});

/** A request over HTTP/1.1 that trusts one authority only. */
function answer(pair) {
  return new Promise((done, fail) => {
    const options = { host: "127.0.0.1", servername: "localhost", port, path: "/healthz", ca: pair.authority, agent: false };
    get(options, (response) => {
      response.resume();
      response.once("end", () => done({ status: response.statusCode, headers: response.headers }));
    }).once("error", fail);
  });
}

/** The protocol and version agreed on by a handshake. */
function handshake(options) {
  return new Promise((done, fail) => {
    const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ca: made.map((one) => one.authority), ...options }, () => {
      done({ protocol: socket.alpnProtocol, version: socket.getProtocol() });
      socket.destroy();
    });
    socket.once("error", fail);
  });
}

test("TLS 1.2 and 1.3 are spoken, older ones are not, and HTTP/2 is agreed on", async () => {
  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    const agreed = await handshake({ minVersion: version, maxVersion: version, ALPNProtocols: ["h2", "http/1.1"] });
    assert.deepEqual(agreed, { protocol: "h2", version });
  }
  await assert.rejects(handshake({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }));
  const session = connectH2(`https://localhost:${port}`, { ca: made[0].authority });
  const status = await new Promise((done, fail) => {
    session.once("error", fail);
    session.request({ ":path": "/healthz" }).once("response", (headers) => done(headers[":status"])).end();
  });
  session.close();
  assert.equal(status, 200);
  const { headers } = await answer(made[0]);
  assert.match(headers["strict-transport-security"], /^max-age=63072000/);
});

test("a broken renewal is said and changes nothing; a whole one is taken at once on SIGHUP", async () => {
  const chain = join(place.folder, "chain.pem");
  const key = join(place.folder, "key.pem");
  await writeFile(chain, made[1].certificate);
  process.kill(server.child.pid, "SIGHUP");
  await until(async () => (await metric("besace_tls_certificate_refused_total")) > 0, "the refusal");
  assert.equal((await answer(made[0])).status, 200, "the one before is in service");
  await install(made[1], chain, key);
  process.kill(server.child.pid, "SIGHUP");
  await until(() => answer(made[1]).then(() => true, () => false), "the renewed certificate");
  await assert.rejects(answer(made[0]), /certificate/);
  const expiry = await metric("besace_tls_certificate_expiry_timestamp_seconds");
  const days = (expiry - Date.now() / 1000) / 86_400;
  assert.ok(days > 1.5 && days < 2.5, String(days));
});

test("a certificate that ends soon is in what `check` says", async () => {
  const fact = (await place.check()).find((one) => one.about === "certificate");
  assert.equal(fact.level, "error");
  // Made for two days: in its first second that is what is left, in hours after it.
  assert.match(fact.found, /^valid for (47 hours|2 days)$/);
  assert.match(fact.mend, /SIGHUP/);
});

async function metric(name) {
  const text = await (await fetch(`http://127.0.0.1:${port + 1}/metrics`)).text();
  return Number(text.match(new RegExp(`^${name} (\\S+)$`, "m"))?.[1] ?? 0);
}
