// Starts programs of Besace on free loopback ports with a temporary data folder, and sees that
// they end with the tests that started them, even when those are killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** How long a server may take to answer for the first time. */
const START_MS = 60_000;
/** How long a server may take to end once asked. */
const STOP_MS = 15_000;

/** The program under test: `BESACE_BIN`, or the last development build. */
export function program() {
  const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/besace/target");
  return process.env.BESACE_BIN ?? join(target, "debug/besace");
}

/**
 * A port P such that P, P+1 … P+count-1 are free now.
 * @param {number} count
 */
export async function freePorts(count) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const held = [];
    try {
      for (let port = first; port < first + count; port += 1) held.push(await hold(port));
      return first;
    } catch {
      // One of them is taken: try elsewhere.
    } finally {
      await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
    }
  }
  throw new Error(`no ${count} free ports in a row`);
}

function hold(port) {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => done(server));
  });
}

/**
 * Runs Besace until `stop` is called.
 * @param {string[]} args arguments of the program
 * @param {{ready: string, fetch?: typeof fetch, env?: Record<string, string>,
 *   begun?: (child: import("node:child_process").ChildProcess) => void}} options `ready`: an address
 *   that answers 200 once the server is up; `begun`: told of the process before it is up
 */
export async function startBesace(args, { ready, fetch: get = fetch, env = {}, begun }) {
  const log = [];
  const child = spawn(program(), args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text) => log.push(text));
  }
  begun?.(child);
  const ended = once(child, "exit").catch((error) => [error]);
  // Ends the server when this process ends without having stopped it.
  const keeper = spawn("sh", ["-c", 'cat >/dev/null; kill "$1" 2>/dev/null', "keeper", child.pid], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  keeper.unref();
  keeper.stdin.unref?.();

  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(timer);
    keeper.stdin.end();
  };
  const text = () => log.join("");
  const until = Date.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      keeper.stdin.end();
      throw new Error(`besace ${args.join(" ")} ended at once:\n${text()}`);
    }
    const answer = await get(ready).catch(() => null);
    if (answer?.status === 200) return { child, log: text, stop };
    if (Date.now() > until) {
      await stop();
      throw new Error(`besace ${args.join(" ")} does not answer:\n${text()}`);
    }
    await pause(50);
  }
}

/**
 * Starts a demonstration State of its own.
 * @param {{args?: string[]}} options further arguments of `besace demo`
 */
export async function startDemo({ args = [] } = {}) {
  const data = await mkdtemp(join(tmpdir(), "besace-demo-"));
  // The ministries' providers follow the first port.
  const port = await freePorts(8);
  const all = ["demo", "--port", String(port), "--data", data, ...args];
  try {
    const server = await startBesace(all, { ready: `http://localhost:${port}/readyz` });
    const facts = JSON.parse(await readFile(join(data, "demo.json"), "utf8"));
    const stop = async () => {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    };
    return { ...facts, data, log: server.log, stop };
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    throw error;
  }
}
