// Everybody who may ask: one of each kind, signed in at the demonstration.

import { Agent } from "../portal/agent.mjs";
import { guestOf } from "./guest.mjs";

/** The scopes that applications may have. */
const SCOPES = "inbox badge search launcher";

/** The kinds in the order of the table, those with the least rights first. */
export const KINDS = ["stranger", "application", "token", "guest", "agent", "neighbour", "announcer", "administrator", "operator"];

/** @param {object} demo */
export async function callers(demo) {
  const at = (email) => Agent.signIn(demo, email);
  const signedIn = {
    agent: await at("nadia.benhamou@interieur.gouv.fr"),
    neighbour: await at("hugo.castaing@agriculture.gouv.fr"),
    announcer: await at("ines.fofana@interieur.gouv.fr"),
    administrator: await at("claire.delmas@interieur.gouv.fr"),
    operator: await at("yann.kerbrat@interieur.gouv.fr"),
  };
  const ministry = signedIn.administrator.session.agent.organisation.id;
  await signedIn.administrator.call("POST", "/api/v1/admin/grants", {
    agent: signedIn.announcer.session.agent.id,
    role: "announcer",
    organisation: ministry,
    subtree: true,
  });
  // Somebody else than the administrator, who revokes every token of theirs when asked to.
  const scripted = await at("mathieu.lacaze@landes.gouv.fr");
  await signedIn.administrator.call("POST", "/api/v1/admin/grants", {
    agent: scripted.session.agent.id,
    role: "administrator",
    organisation: ministry,
    subtree: true,
  });
  const application = await program(demo, signedIn.administrator, ministry);
  signedIn.guest = await guestOf(demo, signedIn.administrator, "h.castaing@sdis40.example");
  const asks = Object.fromEntries(
    Object.entries(signedIn).map(([kind, agent]) => [kind, (...request) => agent.ask(...request)]),
  );
  return {
    ministry,
    people: signedIn,
    scripted,
    asks: { ...asks, stranger: plain(demo, {}), application: plain(demo, application), token: await script(demo, scripted) },
  };
}

/** A script of somebody, by a token for these scopes, or for all that they may have. */
export async function script(demo, agent, scopes) {
  const { scopes: all } = await agent.get("/api/v1/account/tokens");
  const made = await agent.call("POST", "/api/v1/account/tokens", { name: "Script", scopes: scopes ?? all, days: 1 });
  return plain(demo, { authorization: `Bearer ${made.secret}` });
}

/** A published tool's own token. */
async function program(demo, administrator, organisation) {
  const { items: categories } = await administrator.get("/api/v1/admin/categories");
  const tool = await administrator.call("POST", "/api/v1/admin/tools", toolBody(organisation, categories[0].id));
  const client = await administrator.call("POST", `/api/v1/admin/tools/${tool.id}/application`, {
    redirectUris: ["https://outil.example/retour"],
  });
  await administrator.call("POST", `/api/v1/admin/tools/${tool.id}/publish`, {});
  const answer = await fetch(`${demo.baseUrl}/api/v2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${client.clientId}:${client.secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: SCOPES }),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return { authorization: `Bearer ${(await answer.json()).access_token}` };
}

/** A tool for the agents of one administration. */
export function toolBody(organisation, category) {
  return {
    name: { fr: "Ordres de mission", en: "Travel orders" },
    description: { fr: "Demander et signer", en: "Ask and sign" },
    category,
    icon: "train-line",
    url: "https://outil.example/",
    reaches: ["internet"],
    organisation,
    audience: { organisation: { id: organisation, subtree: false } },
  };
}

/** Who asks without a cookie. */
function plain(demo, always) {
  return (method, path, body, headers = {}) =>
    fetch(`${demo.baseUrl}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...always, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
}
