// Runs `besace serve` with a configuration written for one test.

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startBesace } from "./demo.mjs";

/**
 * Writes a configuration whose database lives in the same folder; the file's path.
 * @param {string} folder
 * @param {Record<string, object>} config by section, as in `besace.toml`
 */
export async function configuration(folder, config) {
  const file = join(folder, "besace.toml");
  const whole = { database: { folder: join(folder, "data") }, ...config };
  const lines = Object.entries(whole).map(([section, value]) => `${section} = ${toml(value)}\n`);
  await writeFile(file, lines.join(""));
  return file;
}

/**
 * Starts a server; its database lives in a temporary folder.
 * @param {Record<string, object>} config by section, as in `besace.toml`
 * @param {{ready: string, fetch?: typeof fetch}} options see `startBesace`
 */
export async function serve(config, options) {
  const folder = await mkdtemp(join(tmpdir(), "besace-serve-"));
  const file = await configuration(folder, config);
  try {
    const start = (begun) => startBesace(["serve", "--config", file], { ...options, begun });
    let server = await start();
    const stop = async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
    const restart = async () => {
      await server.stop();
      server = await start();
    };
    /** Ends it as `kill -9` does; what it had said. */
    const kill = async () => {
      server.child.kill("SIGKILL");
      await server.stop();
      return server.log();
    };
    /** Starts it on the data that a kill left. */
    const again = async () => {
      server = await start();
    };
    /**
     * Starts it, and ends it as `kill -9` does so many milliseconds later; whether it was not up
     * yet. A server that ends by itself is a failure.
     */
    const falter = async (after) => {
      let struck;
      const strike = (child) => {
        struck = child;
        setTimeout(() => child.kill("SIGKILL"), after);
      };
      try {
        server = await start(strike);
      } catch (error) {
        if (struck?.signalCode === "SIGKILL") return true;
        throw error;
      }
      if (struck.signalCode === null) await once(struck, "exit");
      await server.stop();
      return false;
    };
    return { ...server, log: () => server.log(), folder, stop, restart, kill, again, falter };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A value as TOML writes it on one line. */
function toml(value) {
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (typeof value === "object") {
    const pairs = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => `${JSON.stringify(key)} = ${toml(inner)}`);
    return `{ ${pairs.join(", ")} }`;
  }
  return JSON.stringify(value);
}
