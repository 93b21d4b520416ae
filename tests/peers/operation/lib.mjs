// What the operator's tests share: a configuration in a folder of its own, and the program's
// commands.

import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { program } from "../lib/demo.mjs";

/**
 * A folder with a configuration, and the program's commands under it.
 * @param {string} text the configuration; `{F}` is the folder
 */
export async function installation(text) {
  const folder = await mkdtemp(join(tmpdir(), "besace-operation-"));
  const file = join(folder, "besace.toml");
  await writeFile(file, text.replaceAll("{F}", folder));
  /** Runs a command to its end under another configuration. */
  const runWith = (config, ...args) =>
    new Promise((done) => {
      execFile(program(), [...args, "--config", config], { cwd: folder }, (error, said, errors) => {
        done({ code: error ? error.code : 0, said, errors });
      });
    });
  const run = (...args) => runWith(file, ...args);
  return {
    folder,
    file,
    run,
    runWith,
    check: async () => JSON.parse((await run("check", "--json")).said),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Puts a pair in the files that a configuration names: key first, as careful tools do. */
export async function install(pair, certificate, key) {
  await writeFile(key, pair.key);
  await chmod(key, 0o600);
  await writeFile(certificate, pair.certificate);
}

/** Waits until `look` answers something true. */
export async function until(look, what) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`not within 15 s: ${what}`);
}
