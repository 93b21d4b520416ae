// Python programs of other projects, in an environment made once for each list of packages.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The `python` of an environment that holds the packages of this list.
 * @param {string} requirements path of the list, as pip reads it
 */
export async function python(requirements) {
  const list = await readFile(requirements);
  const digest = createHash("sha256").update(list).digest("hex").slice(0, 12);
  const folder = join(homedir(), ".cache/besace", `python-${digest}`);
  const program = join(folder, "bin/python");
  if (await exists(program)) return program;
  // Made whole beside its place, so that one cut short is never taken for a whole one. Scripts
  // with their path inside would not survive the move: only `python -m` is used.
  const partial = `${folder}.${process.pid}`;
  await run("python3", ["-m", "venv", partial]);
  const install = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", requirements];
  await run(join(partial, "bin/python"), install);
  await rename(partial, folder).catch(async (error) => {
    if (!(await exists(program))) throw error;
    await rm(partial, { recursive: true, force: true });
  });
  return program;
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
