// A private PostgreSQL and a private NATS server on free loopback ports: they end with the tests
// that started them, even when those are killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

import { freePorts } from "./demo.mjs";

/** How long a server may take to answer for the first time. */
const START_MS = 60_000;

/** Arguments: folder of the programs, port. Prints `ready` once the server answers. */
const POSTGRES = `
trap '' INT TERM HUP
programs=$1 port=$2
folder=$(mktemp -d "\${TMPDIR:-/tmp}/besace-postgres.XXXXXX") || exit 1
"$programs/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 \\
  --no-sync >"$folder/log" 2>&1 &&
"$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \\
  -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=60" \\
  start >>"$folder/log" 2>&1 &&
echo ready || cat "$folder/log"
cat >/dev/null
"$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$folder"
`;

/** The folder of the newest PostgreSQL of this machine. */
function postgresPrograms() {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const found = versions
    .filter((version) => existsSync(join(root, version, "bin/pg_ctl")))
    .sort((a, b) => Number(b) - Number(a));
  if (found.length === 0) throw new Error("PostgreSQL is not installed");
  return join(root, found[0], "bin");
}

/** Starts a PostgreSQL; `url` leads to a database of its superuser. */
export async function startPostgres() {
  const port = await freePorts(1);
  const script = ["sh", "-c", POSTGRES, "keeper", postgresPrograms(), String(port)];
  // PostgreSQL refuses to run as root.
  const [program, ...args] =
    process.getuid() === 0 ? ["runuser", "-u", "postgres", "--", ...script] : script;
  const keeper = spawn(program, args, {
    stdio: ["pipe", "pipe", "inherit"],
    cwd: "/",
    detached: true,
  });
  const ended = once(keeper, "exit");
  const lines = createInterface({ input: keeper.stdout });
  const [line] = await once(lines, "line");
  if (line !== "ready") throw new Error(`PostgreSQL does not start: ${line}`);
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}

/** The program of the NATS server: on the search path, or where Debian puts it. */
function natsProgram() {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin"];
  const found = folders.map((folder) => join(folder, "nats-server")).find((path) => existsSync(path));
  if (!found) throw new Error("nats-server is not installed");
  return found;
}

/** A NATS server that can be killed and started again at the same port. */
export class Nats {
  #keeper = null;

  constructor(port, user, password) {
    this.port = port;
    this.user = user;
    this.password = password;
    this.url = `nats://127.0.0.1:${port}`;
  }

  static async start({ user, password }) {
    const nats = new Nats(await freePorts(1), user, password);
    await nats.start();
    return nats;
  }

  async start() {
    const script = '"$0" "$@" >/dev/null 2>&1 & cat >/dev/null; kill -9 $! 2>/dev/null; wait';
    const args = ["-a", "127.0.0.1", "-p", String(this.port), "--user", this.user, "--pass", this.password];
    this.#keeper = spawn("sh", ["-c", script, natsProgram(), ...args], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    const until = Date.now() + START_MS;
    while (!(await answers(this.port))) {
      if (Date.now() > until) throw new Error("nats-server does not answer");
      await pause(20);
    }
  }

  /** Kills it as `kill -9` does. */
  async kill() {
    const ended = once(this.#keeper, "exit");
    this.#keeper.stdin.end();
    await ended;
    this.#keeper = null;
  }

  async stop() {
    if (this.#keeper) await this.kill();
  }
}

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
