// The writers that a crash run keeps busy, and the ledger of what they were told.

import { setTimeout as pause } from "node:timers/promises";

import { isCutOff } from "./judge.mjs";
import { Person } from "./person.mjs";

/** Applications; each may tell sixty times a minute. */
const APPLICATIONS = 4;
/** Between two tries of what was cut off. */
const AGAIN_MS = 30;
/** Between two tries of what is still being carried out, as far as the server knows. */
const RUNNING_MS = 1_000;
/** Tools that wait for their answer do not keep the next one waiting. */
const AT_MOST_MS = 1_500;

/** What was acknowledged, and what may have been done without being. */
export class Ledger {
  /** Persons whose cookie was acknowledged. */
  sessions = [];
  /** By key. */
  notices = new Map();
  /** Each asked for under a key of its own. */
  tools = [];
  /** By person: the hour of the digest. */
  digestAt = new Map();
  /** Writes of settings. */
  settings = 0;
  /** Requests of which nobody knows whether they were carried out. */
  cutOff = 0;

  /** Acts that were acknowledged, by kind. */
  counts() {
    const notices = [...this.notices.values()].filter((notice) => notice.acknowledged);
    return {
      signIns: this.sessions.length,
      notices: notices.length,
      tools: this.tools.filter((tool) => tool.id !== null).length,
      settings: this.settings,
    };
  }
}

/** The writers. */
export class Load {
  #over = false;
  /** Until when what was cut off is asked for again. */
  #until = Infinity;
  #told = 0;
  #waiting = [];
  ledger = new Ledger();
  faults = [];

  constructor(state, accounts, random) {
    this.state = state;
    this.accounts = accounts;
    this.random = random;
  }

  /** Everybody signs in, and the applications are made, before anything is killed. */
  async prepare() {
    this.people = [];
    for (const account of this.accounts) {
      const person = await Person.signIn(this.state, account);
      await this.#quiet(person);
      this.people.push(person);
    }
    const [administrator] = this.people;
    this.organisation = administrator.session.agent.organisation.id;
    const categories = await administrator.get(this.state.one, "/api/v1/admin/categories");
    this.category = categories.items[0].id;
    this.applications = [];
    for (let place = 0; place < APPLICATIONS; place += 1) {
      this.applications.push(await this.#application(`Application ${place}`));
    }
  }

  /** A published tool with a token to tell by. */
  async #application(name) {
    const { id } = await this.#ask("POST", "/api/v1/admin/tools", this.#tool(name));
    const client = await this.#ask("POST", `/api/v1/admin/tools/${id}/application`, {
      redirectUris: ["http://localhost:9/retour"],
      postLogoutRedirectUris: [],
    });
    await this.#ask("POST", `/api/v1/admin/tools/${id}/publish`, { confirmEverybody: true });
    const basic = Buffer.from(`${client.clientId}:${client.secret}`).toString("base64");
    const token = await fetch(`${this.state.baseUrl}/api/v2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "inbox" }),
    });
    return (await token.json()).access_token;
  }

  begin() {
    this.work = Promise.all([
      this.#again(() => this.#signIn()),
      this.#again(() => this.#signIn()),
      this.#again(() => this.#bring()),
      this.#again(() => this.#settle(this.people[1])),
      this.#again(() => this.#settle(this.people[2])),
      ...this.applications.map((bearer, place) => this.#again(() => this.#tell(bearer, place))),
    ]);
  }

  /** Begins nothing new; what waits for its answer may ask for so many milliseconds more. */
  async end(patience) {
    this.#over = true;
    this.#until = Date.now() + patience;
    await this.work;
    await Promise.all(this.#waiting);
  }

  async #again(act) {
    while (!this.#over) {
      await this.#try(act);
      await pause(20);
    }
  }

  /** What `act` gives; nothing when it was cut off or failed, which is noted. */
  async #try(act) {
    try {
      return await act();
    } catch (error) {
      if (isCutOff(error)) this.ledger.cutOff += 1;
      else this.faults.push(error.stack ?? String(error));
      return undefined;
    }
  }

  /** What the administrator is answered. */
  async #ask(method, path, body, headers) {
    return (await this.people[0].exchange(this.state.one, method, path, body, headers)).value;
  }

  async #quiet(person) {
    const { value, etag } = await person.exchange(this.state.one, "GET", "/api/v1/settings");
    value.quietHours.days = value.quietHours.days.map(() => null);
    await person.exchange(this.state.one, "PUT", "/api/v1/settings", value, { "if-match": etag });
  }

  /** A sign-in is acknowledged by its cookie: from then on there is a session. */
  async #signIn() {
    const others = this.accounts.slice(3);
    const account = others[Math.floor(this.random() * others.length)];
    const person = await Person.enter(this.state, account);
    this.ledger.sessions.push(person);
    await person.know(this.state);
  }

  #tool(name) {
    return {
      name: { fr: name, en: name },
      description: { fr: "Essai", en: "Trial" },
      category: this.category,
      icon: "train-line",
      url: "https://outil.example/",
      reaches: ["internet"],
      organisation: this.organisation,
      audience: { organisation: { id: this.organisation, subtree: false } },
    };
  }

  /** A tool more; the next one does not wait for ever for its answer. */
  async #bring() {
    const place = this.ledger.tools.length;
    const tool = { name: `Outil ${place}`, key: `tool-${place}`, id: null, lost: false, published: false };
    this.ledger.tools.push(tool);
    const work = this.#publish(tool);
    this.#waiting.push(work);
    await Promise.race([work, pause(AT_MOST_MS)]);
    await pause(150);
  }

  async #publish(tool) {
    while (tool.id === null && !tool.lost && Date.now() < this.#until) {
      const made = await this.#try(() => this.#create(tool));
      tool.id = made?.id ?? null;
      if (tool.id === null) await pause(AGAIN_MS);
    }
    if (tool.id === null) return;
    const path = `/api/v1/admin/tools/${tool.id}/publish`;
    await this.#try(async () => {
      await this.#ask("POST", path, { confirmEverybody: true });
      tool.published = true;
    });
  }

  /** Asks for a tool under its key: the same answer however often, or that nobody knows. */
  async #create(tool) {
    try {
      const body = this.#tool(tool.name);
      return await this.#ask("POST", "/api/v1/admin/tools", body, { "idempotency-key": tool.key });
    } catch (error) {
      const kind = error.status === 409 ? JSON.parse(error.body).type : "";
      if (kind.endsWith("/outcome-unknown")) tool.lost = true;
      else if (kind.endsWith("/request-running")) await pause(RUNNING_MS);
      else throw error;
      return undefined;
    }
  }

  /** The hour of the digest goes up by a minute: what was acknowledged last, or tried since. */
  async #settle(person) {
    const seen = this.ledger.digestAt.get(person) ?? { acknowledged: null, tried: [] };
    this.ledger.digestAt.set(person, seen);
    const { value, etag } = await person.exchange(this.state.one, "GET", "/api/v1/settings");
    if (seen.acknowledged !== null && ![seen.acknowledged, ...seen.tried].includes(value.digestAt)) {
      this.faults.push(`settings went back to ${value.digestAt} from ${JSON.stringify(seen)}`);
    }
    const [hours, minutes] = value.digestAt.split(":").map(Number);
    const next = (hours * 60 + minutes + 1) % 1_440;
    value.digestAt = [Math.floor(next / 60), next % 60].map((n) => String(n).padStart(2, "0")).join(":");
    seen.tried.push(value.digestAt);
    await person.exchange(this.state.one, "PUT", "/api/v1/settings", value, { "if-match": etag });
    seen.acknowledged = value.digestAt;
    seen.tried = [];
    this.ledger.settings += 1;
  }

  /** A notice under a key of its own; told again until it is acknowledged. */
  async #tell(bearer, place) {
    const number = this.#told;
    this.#told += 1;
    const key = `notice-${place}-${number}`;
    const whose = number % this.people.length;
    const notice = { urgent: number % 2 === 0, lost: 0, carriedOut: 0, at: null, acknowledged: false };
    this.ledger.notices.set(key, notice);
    while (!notice.acknowledged && !this.#over) {
      const outcome = await this.#try(() => this.#post(bearer, key, this.accounts[whose], notice));
      if (outcome === "taken") {
        notice.acknowledged = true;
        notice.carriedOut += 1;
      } else if (outcome === "too many") {
        // The application has told enough for now; this try wrote nothing.
        if (notice.lost === 0) this.ledger.notices.delete(key);
        await pause(2_000);
        return;
      } else if (outcome === undefined) {
        notice.lost += 1;
        await this.#look(this.people[whose], key, notice);
      }
      await pause(AGAIN_MS);
    }
    await pause(700);
  }

  async #post(bearer, key, account, notice) {
    const answer = await fetch(`${this.state.baseUrl}/api/v1/inbox`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify({
        to: account.email,
        kind: "crash.test.told",
        urgency: notice.urgent ? "urgent" : "normal",
        title: { fr: key, en: key },
        dedup: key,
      }),
    });
    const text = await answer.text();
    if (answer.status === 201) return "taken";
    if (answer.status === 429) return "too many";
    throw Object.assign(new Error(`POST /api/v1/inbox: ${answer.status} ${text}`), { status: answer.status });
  }

  /**
   * Whether a try whose answer was lost was carried out: each that was dates the notice anew. Told
   * again, a notice is unread again and mailed again, so the mails that it may be in are counted.
   */
  async #look(person, key, notice) {
    while (!this.#over) {
      const page = await this.#try(() => person.get(this.state.one, "/api/v1/inbox?limit=100"));
      if (page !== undefined) {
        const item = page.items.find((one) => one.title === key);
        if (item && item.at !== notice.at) notice.carriedOut += 1;
        notice.at = item?.at ?? notice.at;
        return;
      }
      await pause(AGAIN_MS);
    }
  }
}
