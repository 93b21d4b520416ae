// A small State: one ministry's provider and Besace, which hands its mails to a server of the
// test's choice. Its data outlives a stop.

import { mkdtemp, rm, mkdir } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts, program, startBesace } from "../lib/demo.mjs";
import { configuration } from "../lib/serve.mjs";

const SIRET = "11001401600015";
const DOMAIN = "interieur.example";
const SECRET = "secret-of-besace-at-the-ministry-0123456789";
const PASSWORD = "mot-de-passe-de-test";

const person = (number, name, given_name, usual_name) => ({
  subject: `0193000${number}-7c52-7b1d-8000-00000000000${number}`,
  uid: `uid-${name}`,
  email: `${name}@${DOMAIN}`,
  password: PASSWORD,
  given_name,
  usual_name,
  siret: SIRET,
  population: "agent",
});

/** Who signs in at the ministry; the first administers it. */
export const PEOPLE = {
  claire: person(1, "claire", "Claire", "Delmas-L’Hôte"),
  ines: person(2, "ines", "Inès", "Fofana"),
  yann: person(3, "yann", "Yann", "Kerbrat"),
};

/**
 * Starts the State.
 * @param {object} mail the section `[mail]`
 * @param {string} authority a file of the authority that mail is trusted under
 */
export async function startState(mail, authority) {
  const folder = await mkdtemp(join(tmpdir(), "besace-mail-state-"));
  const port = await freePorts(2);
  const baseUrl = `http://localhost:${port}`;
  const issuer = `http://localhost:${port + 1}`;
  const organisations = [{ siret: SIRET, label: "Ministère de l’Intérieur", legal_category: "7113" }];
  const file = async (name, config) => {
    await mkdir(join(folder, name));
    return configuration(join(folder, name), config);
  };
  const ministryFile = await file("ministry", {
    http: { listen: `127.0.0.1:${port + 1}` },
    identity: {
      organisations,
      local: { realm: "interieur", organisation: SIRET, accounts: Object.values(PEOPLE) },
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
  });
  const besaceFile = await file("besace", {
    http: { listen: `127.0.0.1:${port}` },
    outgoing: { allow: ["localhost"], extra_roots: [authority] },
    mail,
    identity: {
      organisations,
      providers: [
        {
          id: "interieur",
          title: "Ministère de l’Intérieur",
          issuer: `${issuer}/api/v2`,
          client_id: "besace",
          client_secret: SECRET,
          domains: [DOMAIN],
          organisation: SIRET,
        },
      ],
      grants: [{ email: PEOPLE.claire.email, role: "administrator", organisation: SIRET }],
    },
    portal: {
      categories: [{ id: "gerer", title: { fr: "Gérer", en: "Manage" }, family: "blue" }],
    },
  });
  const start = (config, address) =>
    startBesace(["serve", "--config", config], { ready: `${address}/readyz` });
  let besace;
  const logs = [];
  const state = {
    baseUrl,
    identity: { accounts: Object.values(PEOPLE) },
    /** Starts Besace, the second time on the data of the first. */
    async start() {
      besace = await start(besaceFile, baseUrl);
    },
    /** Stops Besace: what is under way ends first. */
    async pause() {
      await besace?.stop();
      logs.push(besace?.log() ?? "");
      besace = undefined;
    },
    /** Runs an administrator's command; Besace must be stopped. */
    admin(...args) {
      return new Promise((done) => {
        const all = ["admin", ...args, "--config", besaceFile];
        execFile(program(), all, { cwd: folder }, (error, said, errors) => {
          done({ code: error ? error.code : 0, said, errors });
        });
      });
    },
    /** All that Besace has logged. */
    log: () => [...logs, besace?.log() ?? ""].join("\n"),
    async stop() {
      await besace?.stop();
      await ministry?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  let ministry;
  try {
    ministry = await start(ministryFile, issuer);
    await state.start();
  } catch (error) {
    await state.stop();
    throw error;
  }
  return state;
}
