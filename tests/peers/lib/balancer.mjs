// What stands in front of one or several servers, as a proxy or systemd's socket does: a request
// goes to a server that is ready, and waits while none is. What a server has begun to answer is
// never asked twice.

import { createServer, request as ask } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** How often each server is asked whether it is ready. */
const LOOK_MS = 40;
/** How long a request waits for a server. */
const PATIENCE_MS = 30_000;

export class Balancer {
  #ports;
  #ready = new Set();
  #turn = 0;
  #stopped = false;

  /**
   * @param {number} port where it listens
   * @param {number[]} ports the servers', on the loopback
   */
  static async start(port, ports) {
    const balancer = new Balancer();
    balancer.#ports = ports;
    balancer.#watch();
    balancer.server = createServer((request, response) => balancer.#pass(request, response));
    await new Promise((done) => balancer.server.listen(port, "127.0.0.1", done));
    return balancer;
  }

  async #watch() {
    while (!this.#stopped) {
      await Promise.all(this.#ports.map((port) => this.#look(port)));
      await pause(LOOK_MS);
    }
  }

  async #look(port) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status === 200;
      },
      () => false,
    );
    if (ready) this.#ready.add(port);
    else this.#ready.delete(port);
  }

  /** The next server in turn that is ready. */
  async #next(until) {
    while (this.#ready.size === 0) {
      if (Date.now() > until) return null;
      await pause(LOOK_MS / 2);
    }
    const ready = [...this.#ready];
    return ready[this.#turn++ % ready.length];
  }

  async #pass(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const port = await this.#next(until);
      if (port === null) return response.writeHead(502).end();
      const outcome = await this.#try(port, request, body, response);
      if (outcome === "answered") return;
      if (outcome === "lost") return response.destroy();
      // It was not listening: nothing of the request has reached it.
      this.#ready.delete(port);
    }
  }

  #try(port, request, body, response) {
    return new Promise((done) => {
      const { method, url: path, headers } = request;
      const sent = ask({ host: "127.0.0.1", port, method, path, agent: false, headers: { ...headers, connection: "close" } });
      sent.once("response", (answer) => {
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
        answer.once("end", () => done("answered"));
        answer.once("error", () => done("lost"));
      });
      sent.once("error", (error) => done(error.code === "ECONNREFUSED" ? "refused" : "lost"));
      sent.end(body);
    });
  }

  stop() {
    this.#stopped = true;
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}
