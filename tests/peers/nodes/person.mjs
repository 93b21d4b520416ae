// Somebody whose requests go now to one node, now to the other, as a proxy would send them.

import { Browser } from "../oidc/browser.mjs";

export class Person {
  #browser = new Browser();

  /** Signs in by one node. */
  static async signIn(installation, account) {
    const person = new Person();
    const { baseUrl } = installation;
    await person.#browser.signIn(`${baseUrl}/connexion?retour=/outils`, account, {
      stopAt: `${baseUrl}/outils`,
    });
    person.session = await person.get(installation.one, "/api/v1/session");
    return person;
  }

  /** Signs out by one node. */
  async signOut(installation) {
    const page = await this.#browser.open(`${installation.baseUrl}/deconnexion`);
    await this.#browser.submit(page, page.form);
  }

  headers(node) {
    // Cookies know no port: all nodes get them.
    return { cookie: this.#browser.jar.header(node.url) };
  }

  async ask(node, method, path, body) {
    return fetch(`${node.url}${path}`, {
      method,
      headers: {
        ...this.headers(node),
        "x-besace-csrf": this.session?.csrfToken ?? "",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async call(node, method, path, body) {
    const answer = await this.ask(node, method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  get(node, path) {
    return this.call(node, "GET", path);
  }

  /** Writes an announcement for the whole ministry; what publishes it. */
  async draft(node, title) {
    const organisation = this.session.agent.organisation.id;
    const { id } = await this.call(node, "POST", "/api/v1/admin/announcements", {
      title: { fr: title },
      body: { fr: "Ce soir de 19 h à 21 h." },
      severity: "info",
      organisation,
      audience: { organisation: { id: organisation, subtree: true } },
    });
    return () => this.call(node, "POST", `/api/v1/admin/announcements/${id}/publish`);
  }

  /** The titles of the announcements that a node shows. */
  async titles(node) {
    return (await this.get(node, "/api/v1/announcements")).items.map((item) => item.title);
  }
}

/** An open page's stream of hints. */
export class Page {
  #events = [];
  #waiting = null;
  #closed = new AbortController();
  ended = false;

  static async open(person, node) {
    const page = new Page();
    const answer = await fetch(`${node.url}/api/v1/live`, {
      headers: person.headers(node),
      signal: page.#closed.signal,
    });
    if (answer.status !== 200) throw new Error(`/api/v1/live: ${answer.status}`);
    page.#read(answer.body).catch(() => {});
    return page;
  }

  async #read(body) {
    let text = "";
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const frame of frames) {
        const data = frame.match(/^event: hint\ndata: (.*)$/m);
        if (data) this.#events.push(JSON.parse(data[1]).topic);
      }
      this.#wake();
    }
    this.ended = true;
    this.#wake();
  }

  #wake() {
    this.#waiting?.();
    this.#waiting = null;
  }

  /** Waits until `done` holds, `patience` milliseconds at most; whether it did. */
  async #until(done, patience) {
    const timer = setTimeout(() => this.#wake(), patience);
    const from = performance.now();
    while (!done() && performance.now() - from < patience) {
      await new Promise((wake) => (this.#waiting = wake));
    }
    clearTimeout(timer);
    return done();
  }

  /** The milliseconds until the next hint of this topic; others before it are passed over. */
  async hint(topic, patience) {
    const from = performance.now();
    const found = () => this.#events.indexOf(topic);
    if (!(await this.#until(() => found() >= 0, patience))) {
      throw new Error(`no hint ${topic} within ${patience} ms; heard: ${this.#events.join(", ")}`);
    }
    this.#events.splice(0, found() + 1);
    return performance.now() - from;
  }

  /** The topics heard and not asked for yet. */
  heard() {
    return [...this.#events];
  }

  /** Whether the stream ends within so many milliseconds. */
  ends(patience) {
    return this.#until(() => this.ended, patience);
  }

  close() {
    this.#closed.abort();
  }
}
