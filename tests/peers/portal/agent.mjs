// An agent at the portal: signs in as a browser does, then calls the API as the web app does.

import { Browser } from "../oidc/browser.mjs";

export class Agent {
  #browser = new Browser();

  constructor(demo, account) {
    this.demo = demo;
    this.account = account;
  }

  /** Signs in and learns the session's token. */
  static async signIn(demo, email) {
    const account = demo.identity.accounts.find((one) => one.email === email);
    const agent = new Agent(demo, account);
    await agent.#browser.signIn(`${demo.baseUrl}/connexion?retour=/outils`, account, {
      stopAt: `${demo.baseUrl}/outils`,
    });
    agent.session = await agent.get("/api/v1/session");
    return agent;
  }

  /** Somebody whose browser is signed in already. */
  static async in(demo, browser) {
    const agent = new Agent(demo, undefined);
    agent.#browser = browser;
    agent.session = await agent.get("/api/v1/session");
    return agent;
  }

  /** The answer as it came; a text goes as it is, anything else as JSON. */
  async ask(method, path, body, headers = {}) {
    const url = `${this.demo.baseUrl}${path}`;
    return fetch(url, {
      method,
      headers: {
        cookie: this.#browser.jar.header(url),
        ...(this.session ? { "x-besace-csrf": this.session.csrfToken } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  }

  /** The JSON of an answer that must be a success. */
  async call(method, path, body, headers) {
    const answer = await this.ask(method, path, body, headers);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  get(path) {
    return this.call("GET", path);
  }

  /** The lines of a search's answer, by source. */
  async search(words) {
    const answer = await this.ask("GET", `/api/v1/search?q=${encodeURIComponent(words)}`);
    const lines = (await answer.text()).trim().split("\n").map((line) => JSON.parse(line));
    return Object.fromEntries(lines.filter((line) => line.source).map((line) => [line.source, line]));
  }
}
