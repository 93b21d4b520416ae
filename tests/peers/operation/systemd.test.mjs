// systemd's own programs: a socket handed over, what the service manager hears, and what it
// thinks of the unit.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { freePorts, program } from "../lib/demo.mjs";
import { installation, until } from "./lib.mjs";

const run = promisify(execFile);
const unit = fileURLToPath(new URL("../../../docs/operator/besace.service", import.meta.url));

/** Whether a program of systemd is on this machine. */
const has = (name) => run(name, ["--version"]).then(() => true, () => false);

// Hears datagrams as the service manager does: one line each.
const EAR = `
import socket, sys
ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(ear.recv(4096).decode().replace("\\n", " "), flush=True)
`;

test("the unit exposes little, by systemd's own measure", async (context) => {
  if (!(await has("systemd-analyze"))) return context.skip("no systemd-analyze here");
  const { stdout } = await run("systemd-analyze", ["security", "--offline=true", "--threshold=15", unit]);
  assert.match(stdout, /Overall exposure level for besace\.service: (0\.\d|1\.[0-5])/);
});

test("a socket is handed over, readiness and life are told, connections wait for a start", async (context) => {
  if (!(await has("systemd-socket-activate"))) return context.skip("no systemd-socket-activate here");
  const port = await freePorts(1);
  const place = await installation(`
[http]
# Nobody may bind this one: the socket that is handed over is used.
listen = "192.0.2.1:1"
base_url = "http://localhost:${port}/"
[database]
folder = "{F}/data"
`);
  const address = join(place.folder, "notify");
  const ear = spawn("python3", ["-c", EAR, address], { stdio: ["ignore", "pipe", "inherit"] });
  const heard = [];
  createInterface({ input: ear.stdout }).on("line", (line) => heard.push(line));
  await until(() => heard.includes("listening"), "the ear");
  // Started by the first connection, as systemd does for a socket unit.
  const activate = spawn(
    "systemd-socket-activate",
    ["-l", `127.0.0.1:${port}`, "-E", `NOTIFY_SOCKET=${address}`, "-E", "WATCHDOG_USEC=400000", program(), "serve", "--config", place.file],
    { stdio: ["ignore", "ignore", "pipe"], cwd: place.folder },
  );
  let log = "";
  activate.stderr.on("data", (bytes) => (log += bytes));
  try {
    await until(() => log.includes("Listening on"), "the socket");
    // The program is not there yet: the connection waits, and is answered.
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    assert.equal(answer.status, 200);
    await until(() => heard.some((line) => line.includes("READY=1")), "readiness");
    await until(() => heard.filter((line) => line.includes("WATCHDOG=1")).length >= 3, "signs of life");
    activate.kill("SIGTERM");
    await once(activate, "exit");
    await until(() => heard.some((line) => line.includes("STOPPING=1")), "the stop");
    assert.ok(heard.findIndex((line) => line.includes("READY=1")) < heard.findIndex((line) => line.includes("STOPPING=1")));
  } catch (error) {
    throw new Error(`${error.message}\n${log}`, { cause: error });
  } finally {
    activate.kill("SIGKILL");
    ear.kill();
    await place.remove();
  }
});

test("systemd reads the units without complaint", async (context) => {
  if (!(await has("systemd-analyze"))) return context.skip("no systemd-analyze here");
  const place = await installation("");
  try {
    const folder = join(place.folder, "units");
    await mkdir(folder);
    for (const name of ["besace.service", "besace.socket"]) {
      await copyFile(join(unit, "..", name), join(folder, name));
    }
    const { stderr } = await run("systemd-analyze", ["verify", "--man=no", join(folder, "besace.service")]).catch((error) => error);
    // The binary is not installed where the tests run; nothing else may be said.
    const complaints = stderr.split("\n").filter((line) => line.includes("besace") && !line.includes("/usr/bin/besace is not executable"));
    assert.deepEqual(complaints, []);
  } finally {
    await place.remove();
  }
});
