// Somebody whose requests go now to one node, now to the other, as a proxy would send them.

import { Browser } from "../oidc/browser.mjs";

export class Person {
  #browser = new Browser();

  /** Signs in by one node. */
  static async signIn(installation, account) {
    const person = await Person.enter(installation, account);
    await person.know(installation);
    return person;
  }

  /** The same up to the cookie: nothing has been asked with it yet. */
  static async enter({ baseUrl }, account) {
    const person = new Person();
    await person.#browser.signIn(`${baseUrl}/connexion?retour=/outils`, account, {
      stopAt: `${baseUrl}/outils`,
    });
    return person;
  }

  /** Asks who is signed in. */
  async know(installation) {
    this.session = await this.get(installation.one, "/api/v1/session");
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

  async ask(node, method, path, body, more = {}) {
    return fetch(`${node.url}${path}`, {
      method,
      headers: {
        ...this.headers(node),
        "x-besace-csrf": this.session?.csrfToken ?? "",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...more,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async call(node, method, path, body) {
    return (await this.exchange(node, method, path, body)).value;
  }

  /** What is answered and its entity tag; a refusal is an error with its `status` and its `body`. */
  async exchange(node, method, path, body, more) {
    const answer = await this.ask(node, method, path, body, more);
    const text = await answer.text();
    if (!answer.ok) {
      const error = new Error(`${method} ${path}: ${answer.status} ${text}`);
      throw Object.assign(error, { status: answer.status, body: text });
    }
    return { value: text === "" ? null : JSON.parse(text), etag: answer.headers.get("etag") };
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
