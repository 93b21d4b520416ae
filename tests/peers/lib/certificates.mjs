// A certificate authority that lives as long as a test, made with the openssl program.

import { execFile } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Makes an authority and one certificate for these host names.
 * @param {string} folder where the files go
 * @param {string[]} names
 */
export async function certificates(folder, names) {
  const file = (name) => join(folder, name);
  const openssl = (...args) => run("openssl", args, { cwd: folder });
  for (const name of ["ca", "server"]) {
    await openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.sec1`);
    await openssl("pkcs8", "-topk8", "-nocrypt", "-in", `${name}.sec1`, "-out", `${name}.key`);
  }
  await openssl(
    "req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=Test authority", "-days", "2",
    "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
    "-out", "ca.pem",
  );
  await openssl("req", "-new", "-key", "server.key", "-subj", `/CN=${names[0]}`, "-out", "server.csr");
  await writeFile(
    file("server.ext"),
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n` +
      "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n",
  );
  await openssl(
    "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
    "-days", "2", "-extfile", "server.ext", "-out", "server.pem",
  );
  const key = await readFile(file("server.key"), "utf8");
  const spki = createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "der" });
  return {
    authority: file("ca.pem"),
    certificate: file("server.pem"),
    key: file("server.key"),
    /** What Chromium's `--ignore-certificate-errors-spki-list` takes. */
    fingerprint: createHash("sha256").update(spki).digest("base64"),
  };
}
