// Two nodes of one installation as an operator configures them, and the ministry whose agents
// sign in there.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts, program } from "../lib/demo.mjs";
import { configuration, serve } from "../lib/serve.mjs";
import { Nats, startPostgres } from "../lib/servers.mjs";

/** SIRET of the ministry. */
export const SIRET = "11001401600015";
export const PASSWORD = "deux-nœuds-valent-mieux";
const SECRET = "secret-of-besace-at-its-ministry-0123456789";
export const BUS = { user: "besace", password: "a-password-of-the-bus" };

export const CLAIRE = { email: "claire.delmas@interieur.gouv.fr", password: PASSWORD };
export const HUGO = { email: "hugo.martin@interieur.gouv.fr", password: PASSWORD };

const organisation = { siret: SIRET, label: "Ministère de l’Intérieur", legal_category: "7113" };

/** The ministry's provider: the same program with accounts of its own. */
export async function startMinistry(port, baseUrl, accounts) {
  const url = `http://localhost:${port}`;
  const account = (subject, given_name, usual_name, email) => ({
    subject,
    email,
    password: PASSWORD,
    given_name,
    usual_name,
    uid: given_name,
    siret: SIRET,
    population: "agent",
  });
  const config = {
    http: { listen: `127.0.0.1:${port}`, base_url: `${url}/`, rate_exceptions: ["127.0.0.0/8"] },
    identity: {
      organisations: [organisation],
      local: {
        realm: "interieur",
        organisation: SIRET,
        accounts: accounts?.map((one) => account(one.subject, one.givenName, one.usualName, one.email)) ?? [
          account("01930001-7c52-7b1d-8000-000000000001", "Claire", "Delmas", CLAIRE.email),
          account("01930001-7c52-7b1d-8000-000000000002", "Hugo", "Martin", HUGO.email),
        ],
      },
      clients: [
        {
          client_id: "besace",
          name: "Besace",
          client_secret: SECRET,
          redirect_uris: [`${baseUrl}/api/v2/oidc-callback`],
          post_logout_redirect_uris: [`${baseUrl}/api/v2/client/logout-callback`],
          auth_method: "client_secret_post",
        },
      ],
    },
  };
  return { url, ...(await serve(config, { ready: `${url}/readyz` })) };
}

/**
 * One node: `url` is its own, as a proxy in front would reach it. Without `postgres` its database is
 * a file, without `nats` it has no bus; `more` replaces whole sections, `identity` adds to that one.
 */
export async function startNode(name, { port, metrics, folder, baseUrl, ministry, postgres, nats, more = {}, identity = {} }) {
  const url = `http://localhost:${port}`;
  const config = {
    http: {
      listen: `127.0.0.1:${port}`,
      base_url: `${baseUrl}/`,
      ...(metrics ? { metrics: `127.0.0.1:${metrics}` } : {}),
      rate_exceptions: ["127.0.0.0/8"],
    },
    database: { ...(postgres ? { url: postgres.url } : {}), folder: join(folder, name) },
    keys: { master: "5c".repeat(32) },
    journal: { checkpoint_file: join(folder, name, "journal.checkpoint") },
    outgoing: { allow: [new URL(ministry.url).host] },
    ...(nats ? { bus: { servers: [nats.url], ...BUS } } : {}),
    ...more,
    identity: {
      organisations: [organisation],
      providers: [
        {
          id: "interieur",
          title: "Ministère de l’Intérieur",
          issuer: `${ministry.url}/api/v2`,
          client_id: "besace",
          client_secret: SECRET,
          domains: ["interieur.gouv.fr"],
          organisation: SIRET,
        },
      ],
      grants: [{ email: CLAIRE.email, role: "announcer", organisation: SIRET }],
      ...identity,
    },
  };
  const server = await serve(config, { ready: `${url}/readyz` });
  return {
    ...server,
    name,
    url,
    port,
    config,
    /** Starts anew with other sections. */
    async change(sections) {
      Object.assign(config, sections);
      await configuration(server.folder, config);
      await server.restart();
    },
    /** The figures of the bus, by name without labels. */
    async figures() {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      const figures = {};
      for (const line of text.split("\n").filter((one) => one.startsWith("besace_bus_"))) {
        const [name, number] = line.split(/(?:\{.*\})? (?=[\d.]+$)/);
        figures[name] = (figures[name] ?? 0) + Number(number);
      }
      return figures;
    },
    /** A command with this node's configuration: its exit code and what it says. */
    command(...args) {
      const all = [...args, "--config", join(server.folder, "besace.toml")];
      return new Promise((done) => {
        execFile(program(), all, { cwd: server.folder }, (error, said, complained) => {
          done({ code: error ? error.code : 0, said: said + complained });
        });
      });
    },
  };
}

/** Starts the whole installation. */
export async function startInstallation() {
  const folder = await mkdtemp(join(tmpdir(), "besace-nodes-"));
  const started = [];
  const stop = async () => {
    for (const one of started.reverse()) await one.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (starting) => {
    const one = await starting;
    started.push(one);
    return one;
  };
  try {
    const port = await freePorts(5);
    const baseUrl = `http://localhost:${port}`;
    const postgres = await start(startPostgres());
    const nats = await start(Nats.start(BUS));
    const ministry = await start(startMinistry(port + 4, baseUrl));
    const shared = { folder, baseUrl, ministry, postgres, nats };
    const one = await start(startNode("one", { port, metrics: port + 2, ...shared }));
    const two = await start(startNode("two", { port: port + 1, metrics: port + 3, ...shared }));
    return { baseUrl, one, two, nats, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
