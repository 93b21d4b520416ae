// `kill -9` at random moments under load, many times over: every write that was acknowledged is
// there, each effect has come once, and the journal is whole and says what was done.
//
//     node crash.mjs [--database sqlite|postgres|both] [--kills 50] [--seed 1]
//
// SQLite: one server. PostgreSQL: two, either or both killed, with a NATS server that comes and
// goes; one in five is struck again while it starts. The seed decides who is killed and when; what
// the machine does in between it does not.
//
// A killed program loses what it held in memory, never what it gave to the system: pages that were
// written and not synced outlive it. That a write is synced before it is acknowledged, so that a
// power cut loses none either, is what `crates/kernel-db/tests/it/durability.rs` shows by tracing the
// system calls.

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
import { inboxFaults, journalFaults, mailFaults, mailed, toolFaults, tooFew } from "./judge.mjs";
import { Load } from "./load.mjs";

/** Agents; the first administers the ministry. An application may tell each twenty times an hour. */
const AGENTS = 12;
/** Between two kills, at least and at most. */
const SHORTEST_MS = 150;
const LONGEST_MS = 1_400;
/** Writing goes on for so long after the last one: what a kill left must serve, too. */
const AFTER_MS = 3_000;
/** How often a server is struck again while it starts. */
const STARTS = 0.2;
/** What a killed server had begun is taken up again within this. */
const TAKEN_UP_MS = 150_000;
/** Without a mail for so long, none is to come: a job's lease of 60 s has lapsed, and inboxes, which
 * are looked at every minute, have been looked at. */
const SILENCE_MS = 75_000;
/** Mails that never stop are a fault. */
const NEVER_MS = 600_000;

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

/** Kills, at moments that the seed gives. */
async function hit(state, kills, random) {
  const figures = { kills: 0, both: 0, starts: 0, busOutages: 0 };
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
    const returns = struck.map((node) => ({ node, falters: random() < STARTS, share: random() }));
    await Promise.all(struck.map((node) => node.kill()));
    figures.kills += struck.length;
    await Promise.all(returns.map((one) => comeBack(one, figures)));
  }
  if (state.nats && !busUp) await state.nats.start();
  await pause(AFTER_MS);
  return figures;
}

/** Starts a server that was killed; one that falters is killed within the time that its last start took. */
async function comeBack({ node, falters, share }, figures) {
  if (falters) {
    figures.kills += 1;
    if (await node.falter(share * (node.startMs ?? SHORTEST_MS))) figures.starts += 1;
  }
  const began = Date.now();
  await node.again();
  node.startMs = Date.now() - began;
}

/** What is missing or there twice, in words. */
async function judge(state, load) {
  const { ledger } = load;
  const [administrator] = load.people;
  const faults = [...load.faults];
  const sessions = [];
  for (const person of [...load.people, ...ledger.sessions]) {
    const answer = await person.ask(state.one, "GET", "/api/v1/account/sessions");
    const { items } = await answer.json();
    if (answer.status === 200) sessions.push(`session:${items.find((one) => one.current)?.id}`);
    else faults.push(`an acknowledged session is gone: ${answer.status}`);
  }
  const tools = (await administrator.get(state.one, "/api/v1/admin/tools")).items;
  faults.push(...toolFaults(ledger.tools, tools));
  for (const [person, { acknowledged, tried }] of ledger.digestAt) {
    const { digestAt } = await person.get(state.one, "/api/v1/settings");
    if (![acknowledged, ...tried].includes(digestAt)) {
      faults.push(`settings say ${digestAt}, acknowledged ${acknowledged}, tried ${tried}`);
    }
  }
  faults.push(...inboxFaults(ledger.notices, await inboxes(state, load)));
  const subject = (tool) => `tool:${tool.id}`;
  const created = ledger.tools.filter((tool) => tool.id !== null).map(subject);
  const published = ledger.tools.filter((tool) => tool.published).map(subject);
  const shown = tools.filter((tool) => tool.state === "published").map(subject);
  for (const [act, acknowledged, there] of [
    ["identity.session.open", sessions, null],
    ["portal.tool.create", created, tools.map(subject)],
    ["portal.tool.publish", published, shown],
  ]) {
    faults.push(...(await journalled(state, administrator, act, acknowledged, there)));
  }
  return faults;
}

/** Holds the journal against the ledger; what a killed server kept for itself is taken up in time. */
async function journalled(state, administrator, act, acknowledged, there) {
  const until = Date.now() + TAKEN_UP_MS;
  for (;;) {
    const subjects = [];
    let after = "";
    do {
      const path = `/api/v1/admin/journal?act=${act}&outcome=done&limit=200${after}`;
      const page = await administrator.get(state.one, path);
      subjects.push(...page.items.map((entry) => entry.subject));
      after = page.next ? `&cursor=${encodeURIComponent(page.next)}` : "";
    } while (after);
    const faults = journalFaults(act, subjects, acknowledged, there);
    if (faults.length === 0 || Date.now() > until) return faults;
    await pause(1_000);
  }
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

/** Waits until every acknowledged urgent notice was mailed, and no mail has come for so long. */
async function posted(state, ledger, silence) {
  const began = Date.now();
  let seen = state.post.of("mail").length;
  let last = began;
  for (;;) {
    const mails = state.post.of("mail");
    if (mails.length !== seen) last = Date.now();
    seen = mails.length;
    const { keys } = mailed(mails);
    const awaits = ([key, notice]) => notice.urgent && notice.acknowledged && !keys.has(key);
    const patience = [...ledger.notices].some(awaits) ? TAKEN_UP_MS : silence;
    if (Date.now() - last > patience) return;
    if (Date.now() - began > NEVER_MS) throw new Error("mails never stop");
    await pause(250);
  }
}

/**
 * One run: so many kills on one kind of database. Answers figures and faults.
 * @param {{database: "sqlite" | "postgres", kills: number, seed: number, silence?: number}} options
 *   `silence`: for how long no mail must have come before they are counted, in milliseconds
 */
export async function crash({ database, kills, seed, silence = SILENCE_MS }) {
  const random = numbers(seed);
  const state = await start(database);
  try {
    const load = new Load(state, accounts, numbers(seed + 1));
    await load.prepare();
    const began = Date.now();
    load.begin();
    const struck = await hit(state, kills, random);
    const took = Date.now() - began;
    // An answer that was lost is said to be lost after a minute.
    await load.end(silence);
    await posted(state, load.ledger, silence);
    const faults = await judge(state, load);
    const { keys, mails, again } = mailed(state.post.of("mail"));
    faults.push(...mailFaults(load.ledger.notices, keys));
    for (const node of state.nodes) {
      const { code, said } = await node.command("admin", "journal", "verify");
      if (code !== 0) faults.push(`admin journal verify: ${said}`);
    }
    const { ledger } = load;
    // By notices: a mail holds all that waited for it, and on PostgreSQL they wait for a lease.
    const counts = { ...ledger.counts(), mailed: keys.size };
    faults.push(...tooFew(counts, ledger.cutOff, struck.kills));
    return {
      faults,
      figures: {
        database,
        seed,
        ...struck,
        seconds: Math.round(took / 1_000),
        ...counts,
        toolsNeverKnown: ledger.tools.filter((tool) => tool.id === null).length,
        cutOff: ledger.cutOff,
        mails,
        handedOverAgain: again,
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
