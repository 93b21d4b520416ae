// `kill -9` at random moments under load, many times over: every write that was acknowledged is
// there, each effect has come once, and the journal is whole.
//
//     node crash.mjs [--database sqlite|postgres|both] [--kills 50] [--seed 1]
//
// SQLite: one server. PostgreSQL: two, either or both killed, with a NATS server that comes and
// goes. The seed decides who is killed and when; what the machine does in between it does not.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

import { Balancer } from "../lib/balancer.mjs";
import { freePorts } from "../lib/demo.mjs";
import { Nats, startPostgres } from "../lib/servers.mjs";
import { startMailServer } from "../mail/server.mjs";
import { BUS, PASSWORD, SIRET, startMinistry, startNode } from "./installation.mjs";
import { Person } from "./person.mjs";

/** Agents; the first administers the ministry. An application may tell each twenty times an hour. */
const AGENTS = 12;
/** Applications; each may tell sixty times a minute. */
const APPLICATIONS = 4;
/** Between two kills, at least and at most. */
const SHORTEST_MS = 150;
const LONGEST_MS = 1_400;
/** What a killed server had begun is taken up again within this. */
const TAKEN_UP_MS = 150_000;

/** Numbers from a seed (mulberry32), from 0 to 1. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const accounts = Array.from({ length: AGENTS }, (_, place) => ({
  subject: `01930001-7c52-7b1d-8000-0000000001${String(place).padStart(2, "0")}`,
  givenName: `Agent${place}`,
  usualName: "Essai",
  email: `agent${place}@interieur.gouv.fr`,
  password: PASSWORD,
}));

/** The State that is hit. */
async function start(database) {
  const folder = await mkdtemp(join(tmpdir(), "besace-crash-"));
  const started = [];
  const keep = async (starting) => {
    const one = await starting;
    started.push(one);
    return one;
  };
  const stop = async () => {
    for (const one of started.reverse()) await one.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const several = database === "postgres";
    const count = several ? 2 : 1;
    const port = await freePorts(count + 2);
    const baseUrl = `http://localhost:${port}`;
    const postgres = several ? await keep(startPostgres()) : undefined;
    const nats = several ? await keep(Nats.start(BUS)) : undefined;
    const post = await keep(startMailServer({ mode: "none" }));
    const ministry = await keep(startMinistry(port + 1, baseUrl, accounts));
    const more = {
      mail: { host: "127.0.0.1", port: post.port, security: "none", from: "Besace <besace@besace.example>" },
      portal: { categories: [{ id: "gerer", title: { fr: "Gérer", en: "Manage" }, family: "blue" }] },
    };
    const identity = { grants: [{ email: accounts[0].email, role: "administrator", organisation: SIRET }] };
    const ports = Array.from({ length: count }, (_, place) => port + 2 + place);
    await keep(Balancer.start(port, ports));
    const nodes = [];
    for (const [place, own] of ports.entries()) {
      const shared = { port: own, folder, baseUrl, ministry, postgres, nats, more, identity };
      nodes.push(await keep(startNode(`node-${place}`, shared)));
    }
    return { baseUrl, nodes, nats, post, one: { url: baseUrl }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What was acknowledged, and what may have been done without being. */
class Ledger {
  sessions = [];
  notices = new Map();
  published = [];
  digestAt = new Map();
  unknown = 0;
}

/** The writers. */
class Load {
  #over = false;
  #told = 0;
  ledger = new Ledger();
  faults = [];

  constructor(state, random) {
    this.state = state;
    this.random = random;
  }

  /** Everybody signs in, and the applications are made, before anything is killed. */
  async prepare() {
    this.people = [];
    for (const account of accounts) {
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
      const made = await this.#tool(`Application ${place}`);
      const client = await administrator.call(this.state.one, "POST", `/api/v1/admin/tools/${made.id}/application`, {
        redirectUris: ["http://localhost:9/retour"],
        postLogoutRedirectUris: [],
      });
      await administrator.call(this.state.one, "POST", `/api/v1/admin/tools/${made.id}/publish`, { confirmEverybody: true });
      const basic = Buffer.from(`${client.clientId}:${client.secret}`).toString("base64");
      const token = await fetch(`${this.state.baseUrl}/api/v2/token`, {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials", scope: "inbox" }),
      });
      this.applications.push((await token.json()).access_token);
    }
  }

  begin() {
    this.work = Promise.all([
      this.#again(() => this.#signIn()),
      this.#again(() => this.#publish()),
      this.#again(() => this.#settle(this.people[1])),
      this.#again(() => this.#settle(this.people[2])),
      ...this.applications.map((bearer, place) => this.#again(() => this.#tell(bearer, place))),
    ]);
  }

  async end() {
    this.#over = true;
    await this.work;
  }

  async #again(act) {
    while (!this.#over) {
      try {
        await act();
      } catch (error) {
        // What a kill cuts off is not known to be done; an answer that says no is a fault.
        if (error.status) this.faults.push(error.message);
        else this.ledger.unknown += 1;
      }
      await pause(20);
    }
  }

  async #ask(person, method, path, body, headers = {}) {
    const answer = await fetch(`${this.state.baseUrl}${path}`, {
      method,
      headers: {
        ...person.headers(this.state.one),
        "x-besace-csrf": person.session.csrfToken,
        "content-type": "application/json",
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.ok) return { value: text === "" ? null : JSON.parse(text), etag: answer.headers.get("etag") };
    if (answer.status === 503 || answer.status === 502) throw new Error(`${answer.status}`);
    throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { status: answer.status });
  }

  async #quiet(person) {
    const { value, etag } = await this.#ask(person, "GET", "/api/v1/settings");
    value.quietHours.days = value.quietHours.days.map(() => null);
    await this.#ask(person, "PUT", "/api/v1/settings", value, { "if-match": etag });
  }

  async #signIn() {
    const account = accounts[3 + Math.floor(this.random() * (AGENTS - 3))];
    const person = await Person.signIn(this.state, account);
    this.ledger.sessions.push(person);
  }

  #tool(name) {
    return this.#ask(this.people[0], "POST", "/api/v1/admin/tools", {
      name: { fr: name, en: name },
      description: { fr: "Essai", en: "Trial" },
      category: this.category,
      icon: "train-line",
      url: "https://outil.example/",
      reaches: ["internet"],
      organisation: this.organisation,
      audience: { organisation: { id: this.organisation, subtree: false } },
    }).then(({ value }) => value);
  }

  async #publish() {
    const { id } = await this.#tool(`Outil ${this.ledger.published.length}`);
    const tool = { id, published: false };
    this.ledger.published.push(tool);
    await this.#ask(this.people[0], "POST", `/api/v1/admin/tools/${id}/publish`, { confirmEverybody: true });
    tool.published = true;
    await pause(150);
  }

  /** The hour of the digest goes up by a minute: what was acknowledged last, or tried since. */
  async #settle(person) {
    const seen = this.ledger.digestAt.get(person) ?? { acknowledged: null, tried: [] };
    this.ledger.digestAt.set(person, seen);
    const { value, etag } = await this.#ask(person, "GET", "/api/v1/settings");
    if (seen.acknowledged !== null && ![seen.acknowledged, ...seen.tried].includes(value.digestAt)) {
      this.faults.push(`settings went back to ${value.digestAt} from ${JSON.stringify(seen)}`);
    }
    const [hours, minutes] = value.digestAt.split(":").map(Number);
    const next = (hours * 60 + minutes + 1) % 1_440;
    value.digestAt = [Math.floor(next / 60), next % 60].map((n) => String(n).padStart(2, "0")).join(":");
    seen.tried.push(value.digestAt);
    await this.#ask(person, "PUT", "/api/v1/settings", value, { "if-match": etag });
    seen.acknowledged = value.digestAt;
    seen.tried = [];
  }

  /** A notice under a key of its own; told again until it is acknowledged. */
  async #tell(bearer, place) {
    const number = this.#told;
    this.#told += 1;
    const key = `notice-${place}-${number}`;
    const account = accounts[number % AGENTS];
    const notice = { account, urgent: number % 2 === 0, times: 0, acknowledged: false };
    this.ledger.notices.set(key, notice);
    while (!notice.acknowledged && !this.#over) {
      notice.times += 1;
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
      }).catch(() => null);
      const text = await answer?.text().catch(() => null);
      if (answer?.status === 201 && text !== null) notice.acknowledged = true;
      else if (answer?.status === 429) {
        // The application has told enough for now; nothing was counted.
        this.ledger.notices.delete(key);
        await pause(2_000);
        return;
      } else if (answer && ![502, 503].includes(answer.status) && text !== null) {
        this.faults.push(`POST /api/v1/inbox: ${answer.status} ${text}`);
        return;
      } else this.ledger.unknown += 1;
      await pause(30);
    }
    await pause(700);
  }
}

/** Kills, at moments that the seed gives. */
async function hit(state, kills, random) {
  const figures = { kills: 0, both: 0, busOutages: 0 };
  let busUp = true;
  while (figures.kills < kills) {
    await pause(SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS));
    const which = random();
    let struck = [state.nodes[Math.floor(random() * state.nodes.length)]];
    if (state.nodes.length > 1 && which < 0.2) {
      struck = state.nodes;
      figures.both += 1;
    }
    if (state.nats && random() < 0.3) {
      busUp = !busUp;
      figures.busOutages += busUp ? 0 : 1;
      await (busUp ? state.nats.start() : state.nats.kill());
    }
    await Promise.all(struck.map((node) => node.kill()));
    figures.kills += struck.length;
    await Promise.all(struck.map((node) => node.again()));
  }
  if (state.nats && !busUp) await state.nats.start();
  return figures;
}

/** What is missing or there twice, in words. */
async function judge(state, load) {
  const { ledger } = load;
  const faults = [...load.faults];
  for (const person of ledger.sessions) {
    const answer = await person.ask(state.one, "GET", "/api/v1/session");
    await answer.arrayBuffer();
    if (answer.status !== 200) faults.push(`an acknowledged session is gone: ${answer.status}`);
  }
  const [administrator] = load.people;
  for (const tool of ledger.published) {
    const seen = await administrator.get(state.one, `/api/v1/admin/tools/${tool.id}`);
    if (tool.published && seen.state !== "published") {
      faults.push(`a published tool is ${JSON.stringify(seen.state)}`);
    }
  }
  for (const [person, { acknowledged, tried }] of ledger.digestAt) {
    const { digestAt } = await person.get(state.one, "/api/v1/settings");
    if (![acknowledged, ...tried].includes(digestAt)) {
      faults.push(`settings say ${digestAt}, acknowledged ${acknowledged}, tried ${tried}`);
    }
  }
  const rows = await inboxes(state, load);
  for (const [key, notice] of ledger.notices) {
    const count = rows.get(key) ?? 0;
    if (notice.acknowledged && count !== 1) faults.push(`${key}: ${count} rows in the inbox`);
    if (!notice.acknowledged && count > 1) faults.push(`${key}: ${count} rows, not acknowledged`);
  }
  return faults;
}

/** How often each title is in its agent's inbox. */
async function inboxes(state, load) {
  const rows = new Map();
  for (const person of load.people) {
    let after = "";
    do {
      const page = await person.get(state.one, `/api/v1/inbox?limit=100${after}`);
      for (const item of page.items) rows.set(item.title, (rows.get(item.title) ?? 0) + 1);
      after = page.next ? `&cursor=${encodeURIComponent(page.next)}` : "";
    } while (after);
  }
  return rows;
}

/**
 * Mails by key: in how many different mails a key is written. A server that is killed after the mail
 * server has taken a mail, and before it has noted so, hands the same mail over again, under the
 * same `Message-Id`: that is one mail, told apart here.
 */
function mailed(state) {
  const keys = new Map();
  const ids = new Map();
  for (const mail of state.post.of("mail")) {
    const id = mail.values["message-id"];
    ids.set(id, (ids.get(id) ?? 0) + 1);
    for (const [key] of new Set([...mail.plain.matchAll(/notice-\d+-\d+/g)].map((found) => found[0])).entries()) {
      const seen = keys.get(key) ?? new Set();
      keys.set(key, seen.add(id));
    }
  }
  const again = [...ids.values()].reduce((sum, times) => sum + times - 1, 0);
  return { keys, mails: ids.size, again };
}

/** Waits until every acknowledged urgent notice was mailed. */
async function posted(state, ledger) {
  const urgent = [...ledger.notices].filter(([, notice]) => notice.urgent && notice.acknowledged);
  const began = Date.now();
  for (;;) {
    const { keys } = mailed(state);
    const missing = urgent.filter(([key]) => !keys.has(key)).map(([key]) => key);
    if (missing.length === 0) return { missing, waited: Date.now() - began };
    if (Date.now() - began > TAKEN_UP_MS) return { missing, waited: Date.now() - began };
    await pause(250);
  }
}

/**
 * One run: so many kills on one kind of database. Answers figures and faults.
 * @param {{database: "sqlite" | "postgres", kills: number, seed: number}} options
 */
export async function crash({ database, kills, seed }) {
  const random = numbers(seed);
  const state = await start(database);
  try {
    const load = new Load(state, numbers(seed + 1));
    await load.prepare();
    const began = Date.now();
    load.begin();
    const figures = await hit(state, kills, random);
    await load.end();
    const took = Date.now() - began;
    const { missing, waited } = await posted(state, load.ledger);
    const faults = await judge(state, load);
    for (const key of missing) faults.push(`${key}: acknowledged, urgent, and never mailed`);
    const { keys, mails, again } = mailed(state);
    for (const [key, ids] of keys) {
      const notice = load.ledger.notices.get(key);
      // Told again, a notice is unread again, and may be mailed again.
      if (ids.size > (notice?.times ?? 1)) faults.push(`${key}: in ${ids.size} mails, told ${notice?.times} times`);
    }
    for (const node of state.nodes) {
      const { code, said } = await node.command("admin", "journal", "verify");
      if (code !== 0) faults.push(`admin journal verify: ${said}`);
    }
    const { ledger } = load;
    const acknowledged = [...ledger.notices.values()].filter((notice) => notice.acknowledged).length;
    return {
      faults,
      figures: {
        database,
        seed,
        ...figures,
        seconds: Math.round(took / 1_000),
        signIns: ledger.sessions.length,
        notices: acknowledged,
        tools: ledger.published.filter((tool) => tool.published).length,
        settings: [...ledger.digestAt.keys()].length,
        cutOff: ledger.unknown,
        mails,
        handedOverAgain: again,
        lastMailAfterSeconds: Math.round(waited / 1_000),
      },
    };
  } finally {
    await state.stop();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({
    options: {
      database: { type: "string", default: "both" },
      kills: { type: "string", default: "50" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const databases = values.database === "both" ? ["sqlite", "postgres"] : [values.database];
  for (const database of databases) {
    console.log(`${database}: ${values.kills} kills, seed ${values.seed}`);
    const { figures, faults } = await crash({ database, kills: Number(values.kills), seed: Number(values.seed) });
    console.log(JSON.stringify(figures));
    for (const fault of faults) console.log(`FAULT ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}
