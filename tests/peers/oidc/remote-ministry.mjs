// A ministry's provider in a process of its own, which ends with the tests.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("ministry-process.mjs", import.meta.url));

export class RemoteMinistry {
  #child;
  #waiting = new Map();
  #count = 0;

  /**
   * @param {object} options those of `Ministry`, and `clockOffset`: seconds its clock is ahead
   *   (negative: late)
   */
  static async start(options) {
    const ministry = new RemoteMinistry();
    ministry.issuer = `${options.tls ? "https" : "http"}://${options.host ?? "localhost"}:${options.port}`;
    ministry.#child = fork(PROGRAM, [JSON.stringify(options)], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let log = "";
    ministry.#child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
    const ready = ministry.#answer(0);
    ministry.#child.on("message", ({ id }) => ministry.#waiting.get(id)?.done());
    ministry.#child.on("exit", () => {
      for (const { fail } of ministry.#waiting.values()) fail(new Error(`the ministry ended:\n${log}`));
    });
    await ready;
    return ministry;
  }

  rotate = () => this.#command("rotate");
  die = () => this.#command("die");
  revive = () => this.#command("revive");
  stop = () => this.#child.disconnect();

  #command(command) {
    const id = ++this.#count;
    const answer = this.#answer(id);
    this.#child.send({ id, command });
    return answer;
  }

  #answer(id) {
    return new Promise((done, fail) => this.#waiting.set(id, { done, fail })).finally(() =>
      this.#waiting.delete(id),
    );
  }
}
