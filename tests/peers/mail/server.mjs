// The mail server of these tests: aiosmtpd in a process of its own, and what it saw.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { path } from "../docs/document.mjs";
import { python } from "../lib/python.mjs";

/** How long what is awaited may take. */
const MOST_MS = 45_000;

/**
 * Starts a mail server.
 * @param {{certificate?: string, key?: string, mode?: "starttls" | "tls" | "none", port?: number,
 *   users?: Record<string, string>, rules?: Record<string, string[]>}} options see `server.py`
 */
export async function startMailServer(options) {
  const interpreter = await python(path("tests/peers/mail/requirements.txt"));
  const program = path("tests/peers/mail/server.py");
  const child = spawn(interpreter, [program, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors = [];
  child.stderr.setEncoding("utf8").on("data", (text) => errors.push(text));
  const events = [];
  const waiting = new Set();
  createInterface({ input: child.stdout }).on("line", (line) => {
    events.push(JSON.parse(line));
    for (const look of waiting) look();
  });

  const of = (kind) => events.filter((one) => one.event === kind);
  /** What `find` gives once it gives something. */
  const until = (find, what) =>
    new Promise((done, fail) => {
      const end = (settle, value) => {
        waiting.delete(look);
        clearTimeout(timer);
        settle(value);
      };
      const look = () => {
        const found = find();
        if (found) end(done, found);
      };
      const timer = setTimeout(() => {
        const seen = events.map((one) => JSON.stringify(one).slice(0, 200)).join("\n");
        end(fail, new Error(`${what} never came; the server saw:\n${seen}\n${errors.join("")}`));
      }, MOST_MS);
      waiting.add(look);
      look();
    });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const { port } = await until(() => of("ready")[0], "the start of the mail server");
  return {
    port,
    stop,
    until,
    of,
    /** The mails taken for an address. */
    mails: (address) => of("mail").filter((one) => one.to.includes(address)),
  };
}
