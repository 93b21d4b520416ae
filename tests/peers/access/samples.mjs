// A well-formed request for every operation of the API: what is refused must be refused for who
// asks, not for how. What is asked about belongs to the administrator's ministry and is made anew
// for each caller, so that one caller's deletion does not hide another's refusal.

import { toolBody } from "./callers.mjs";
import { invitation } from "./guest.mjs";

const NEVER_MATCHES = { "if-match": '"0"' };
const CSV = "nom;prenom;adresse\nDurand;Paul;paul.durand@interieur.gouv.fr\n";

/**
 * What is asked about.
 * @param {Awaited<ReturnType<typeof import("./callers.mjs").callers>>} all
 */
export function world({ ministry, people, asks }) {
  const owner = people.administrator;
  const someone = people.agent.session.agent.id;
  const make = (path, body) => owner.call("POST", path, body);
  const category = async () => (await owner.get("/api/v1/admin/categories")).items[0].id;
  const announcement = {
    organisation: ministry,
    audience: { organisation: { id: ministry, subtree: false } },
    severity: "info",
    title: { fr: "Travaux", en: "Works" },
    body: { fr: "Demain matin.", en: "Tomorrow morning." },
  };
  const provider = {
    organisation: ministry,
    title: "Autre annuaire",
    issuer: "https://annuaire.example/",
    clientId: "besace",
    clientSecret: "un secret assez long pour une preuve",
    preset: "generic",
    domains: ["essai.interieur.gouv.fr"],
    support: { label: "Assistance" },
  };
  const request = () => ({
    name: `Outil demandé ${(requests += 1)}`,
    purpose: "Instruire les dossiers de la semaine",
    url: `https://demande-${requests}.example/`,
    organisation: ministry,
  });
  const grant = (agent) => ({ agent, role: "announcer", organisation: ministry, subtree: false });
  let requests = 0;
  let asked;
  let guests = 0;
  let other;
  return {
    ministry,
    someone,
    announcement,
    provider,
    request,
    grant,
    toolBody: async () => toolBody(ministry, await category()),
    /** An agent of the ministry who asks nothing here: accounts are acted on. */
    other: async () => {
      const { items } = await owner.get(`/api/v1/admin/agents?organisation=${ministry}&q=marchetti`);
      other ??= items[0].id;
      return other;
    },
    tool: async () => (await make("/api/v1/admin/tools", toolBody(ministry, await category()))).id,
    connected: async () => {
      const { id } = await make("/api/v1/admin/tools", toolBody(ministry, await category()));
      await make(`/api/v1/admin/tools/${id}/application`, { redirectUris: ["https://outil.example/retour"] });
      return id;
    },
    announced: async () => (await make("/api/v1/admin/announcements", announcement)).id,
    shown: async () => {
      const { id } = await make("/api/v1/admin/announcements", announcement);
      await make(`/api/v1/admin/announcements/${id}/publish`);
      return id;
    },
    opened: async () => {
      const { id } = await make("/api/v1/admin/tools", toolBody(ministry, await category()));
      await make(`/api/v1/admin/tools/${id}/publish`, {});
      return id;
    },
    told: async () => {
      const title = "Un ordre à signer";
      const answer = await asks.application("POST", "/api/v1/inbox", { to: someone, kind: "order", title });
      if (!answer.ok) throw new Error(`inbox: ${answer.status} ${await answer.text()}`);
      return (await people.agent.get("/api/v1/inbox")).items[0].id;
    },
    granted: async () => {
      const { items } = await owner.get("/api/v1/admin/grants");
      const known = items.find((one) => one.agent.id === someone);
      return (known ?? (await make("/api/v1/admin/grants", grant(someone)))).id;
    },
    plugged: async () => {
      const { items } = await owner.get("/api/v1/admin/providers");
      const known = items.find((one) => one.title === provider.title);
      return (known ?? (await make("/api/v1/admin/providers", provider))).id;
    },
    /** Somebody who is invited by the administrator, and nobody before. */
    invitation: () => invitation(owner, `invite-${(guests += 1)}@sdis40.example`),
    invited: async () => {
      const { items } = await owner.get("/api/v1/invitations");
      const open = items.find((one) => one.state === "pending");
      if (open) return open.id;
      const made = await invitation(owner, `invite-${(guests += 1)}@sdis40.example`);
      return (await make("/api/v1/invitations", made)).id;
    },
    /** A request that waits; the one before is taken back, since few may wait at once. */
    requested: async () => {
      if (asked !== undefined) await owner.ask("POST", `/api/v1/requests/${asked}/withdraw`);
      asked = (await make("/api/v1/requests", request())).id;
      return asked;
    },
    imported: async () => {
      const path = `/api/v1/admin/imports?organisation=${ministry}`;
      const answer = await owner.ask("POST", path, CSV, { "content-type": "text/csv" });
      if (!answer.ok) throw new Error(`import: ${answer.status} ${await answer.text()}`);
      return (await answer.json()).id;
    },
  };
}

/** @typedef {ReturnType<typeof world>} World */

const at = (prefix, make, suffix = "", more = () => ({})) => async (world) => ({
  path: `${prefix}/${await make(world)}${suffix}`,
  ...(await more(world)),
});
const tool = (suffix, more) => at("/api/v1/admin/tools", (world) => world.tool(), suffix, more);
const connected = (suffix, more) => at("/api/v1/admin/tools", (world) => world.connected(), suffix, more);
const announcement = (suffix, more) =>
  at("/api/v1/admin/announcements", (world) => world.announced(), suffix, more);
const provider = (suffix, more) => at("/api/v1/admin/providers", (world) => world.plugged(), suffix, more);
const local = (suffix) =>
  at("/api/v1/admin/local-accounts", () => "01890000-0000-7000-8000-000000000000", suffix);
const imported = (suffix) => at("/api/v1/admin/imports", (world) => world.imported(), suffix);
const requested = (prefix, suffix, more) => at(prefix, (world) => world.requested(), suffix, more);
const other = (suffix, more) => at("/api/v1/admin/agents", (world) => world.other(), suffix, more);
const body = (made) => async (world) => ({ body: await made(world) });

/**
 * `{path, body, headers}` of an operation; one without a line goes as its path says.
 * @type {Record<string, (world: World) => Promise<{path?: string, body?: unknown, headers?: object}>>}
 */
export const SAMPLES = {
  "DELETE /api/v1/account/applications/{client_id}": async () => ({ path: "/api/v1/account/applications/mission" }),
  "DELETE /api/v1/account/sessions/{id}": async () => ({
    path: "/api/v1/account/sessions/01890000-0000-7000-8000-000000000000",
  }),
  "DELETE /api/v1/account/tokens/{id}": async () => ({
    path: "/api/v1/account/tokens/01890000-0000-7000-8000-000000000000",
  }),
  "POST /api/v1/account/tokens": body(() => ({ name: "Un script", scopes: ["profile:read"], days: 1 })),
  "GET /api/v1/admin/agents/{id}/tokens": at("/api/v1/admin/agents", ({ someone }) => someone, "/tokens"),
  "DELETE /api/v1/admin/agents/{id}/tokens/{token}": at(
    "/api/v1/admin/agents",
    ({ someone }) => someone,
    "/tokens/01890000-0000-7000-8000-000000000000",
  ),
  "GET /api/v1/admin/announcements": async ({ ministry }) => ({
    path: `/api/v1/admin/announcements?organisation=${ministry}`,
  }),
  "POST /api/v1/admin/announcements": body((world) => world.announcement),
  "GET /api/v1/admin/announcements/{id}": announcement(),
  "PUT /api/v1/admin/announcements/{id}": announcement("", (world) => ({
    body: world.announcement,
    headers: NEVER_MATCHES,
  })),
  "POST /api/v1/admin/announcements/{id}/publish": announcement("/publish"),
  "GET /api/v1/admin/announcements/{id}/readers": announcement("/readers"),
  "POST /api/v1/admin/announcements/{id}/withdraw": announcement("/withdraw"),
  "GET /api/v1/admin/agents": async ({ ministry }) => ({ path: `/api/v1/admin/agents?organisation=${ministry}` }),
  "GET /api/v1/admin/agents/{id}": at("/api/v1/admin/agents", ({ someone }) => someone),
  "POST /api/v1/admin/agents/{id}/depart": other("/depart", () => ({ body: {} })),
  "POST /api/v1/admin/agents/{id}/erase": other("/erase", () => ({ body: {} })),
  "POST /api/v1/admin/agents/{id}/merge": other("/merge", ({ someone }) => ({ body: { into: someone } })),
  "POST /api/v1/admin/agents/{id}/resume": other("/resume"),
  "POST /api/v1/admin/agents/{id}/suspend": other("/suspend", () => ({ body: { reason: "Badge perdu" } })),
  "POST /api/v1/admin/audience/describe": body(({ ministry, announcement: { audience } }) => ({
    organisation: ministry,
    audience,
  })),
  "POST /api/v1/admin/audience/try": body(({ someone, announcement: { audience } }) => ({
    agent: someone,
    audience,
  })),
  "GET /api/v1/admin/grants": async ({ ministry }) => ({ path: `/api/v1/admin/grants?organisation=${ministry}` }),
  "POST /api/v1/admin/grants": body((world) => world.grant(world.someone)),
  "DELETE /api/v1/admin/grants/{id}": at("/api/v1/admin/grants", (world) => world.granted()),
  "POST /api/v1/admin/imports": async ({ ministry }) => ({
    path: `/api/v1/admin/imports?organisation=${ministry}`,
    body: CSV,
    headers: { "content-type": "text/csv" },
  }),
  "GET /api/v1/admin/imports/{id}": imported(),
  "DELETE /api/v1/admin/imports/{id}": imported(),
  "POST /api/v1/admin/imports/{id}/apply": imported("/apply"),
  "GET /api/v1/admin/imports/{id}/faulty.csv": imported("/faulty.csv"),
  "GET /api/v1/admin/invitations": async ({ ministry }) => ({
    path: `/api/v1/admin/invitations?organisation=${ministry}`,
  }),
  "GET /api/v1/admin/journal": async ({ ministry }) => ({ path: `/api/v1/admin/journal?organisation=${ministry}` }),
  "GET /api/v1/admin/journal/export": async ({ ministry }) => ({
    path: `/api/v1/admin/journal/export?organisation=${ministry}`,
  }),
  "GET /api/v1/admin/journal/{chain}/{seq}": async ({ ministry }) => ({
    path: `/api/v1/admin/journal/${ministry}/1`,
  }),
  "GET /api/v1/admin/organisation/{id}": async ({ ministry }) => ({
    path: `/api/v1/admin/organisation/${ministry}`,
  }),
  "PUT /api/v1/admin/organisation/{id}": async ({ ministry }) => ({
    path: `/api/v1/admin/organisation/${ministry}`,
    body: { label: "Ministère de l’Intérieur" },
    headers: NEVER_MATCHES,
  }),
  // At Besace itself nobody has a password: nothing is here for anybody.
  "DELETE /api/v1/admin/local-accounts/{id}": local(),
  "GET /api/v1/admin/local-accounts/{id}": local(),
  "POST /api/v1/admin/local-accounts": body(() => ({
    email: "paul.durand@interieur.gouv.fr",
    givenName: "Paul",
    usualName: "Durand",
  })),
  "POST /api/v1/admin/local-accounts/{id}/invite": local("/invite"),
  "POST /api/v1/admin/local-accounts/{id}/reset-factor": local("/reset-factor"),
  "GET /api/v1/admin/providers": async ({ ministry }) => ({
    path: `/api/v1/admin/providers?organisation=${ministry}`,
  }),
  "POST /api/v1/admin/providers": body((world) => world.provider),
  "POST /api/v1/admin/providers/check": body((world) => ({ issuer: world.provider.issuer })),
  "GET /api/v1/admin/providers/{id}": provider(),
  "PUT /api/v1/admin/providers/{id}": provider("", (world) => ({
    body: world.provider,
    headers: NEVER_MATCHES,
  })),
  "POST /api/v1/admin/providers/{id}/disable": provider("/disable"),
  "POST /api/v1/admin/providers/{id}/enable": provider("/enable"),
  "GET /api/v1/admin/providers/{id}/try": provider("/try"),
  "POST /api/v1/admin/providers/{id}/try": provider("/try"),
  "POST /api/v1/admin/requests/{id}/approve": requested("/api/v1/admin/requests", "/approve"),
  "POST /api/v1/admin/requests/{id}/refuse": requested("/api/v1/admin/requests", "/refuse", () => ({
    body: { reason: "Un autre outil le fait" },
  })),
  "GET /api/v1/admin/tools": async ({ ministry }) => ({ path: `/api/v1/admin/tools?organisation=${ministry}` }),
  "POST /api/v1/admin/tools": body((world) => world.toolBody()),
  "POST /api/v1/admin/tools/check-address": body(() => ({ url: "https://outil.example/" })),
  "GET /api/v1/admin/tools/{id}": tool(),
  "PUT /api/v1/admin/tools/{id}": tool("", async (world) => ({
    body: await world.toolBody(),
    headers: NEVER_MATCHES,
  })),
  "DELETE /api/v1/admin/tools/{id}": tool(),
  "POST /api/v1/admin/tools/{id}/application": tool("/application", () => ({
    body: { redirectUris: ["https://outil.example/retour"] },
  })),
  "GET /api/v1/admin/tools/{id}/application": connected("/application"),
  "PUT /api/v1/admin/tools/{id}/application": connected("/application", () => ({
    body: { redirectUris: ["https://outil.example/accueil"] },
  })),
  "DELETE /api/v1/admin/tools/{id}/application": connected("/application"),
  "PUT /api/v1/admin/tools/{id}/notice": tool("/notice", () => ({
    body: { level: "disturbed", message: { fr: "Lenteurs", en: "Slow" } },
  })),
  "DELETE /api/v1/admin/tools/{id}/notice": tool("/notice"),
  "POST /api/v1/admin/tools/{id}/publish": tool("/publish", () => ({ body: {} })),
  "POST /api/v1/admin/tools/{id}/withdraw": tool("/withdraw"),
  "POST /api/v1/announcements/{id}/read": at("/api/v1/announcements", (world) => world.shown(), "/read"),
  "PUT /api/v1/application/badge": body(({ someone }) => ({ agent: someone, count: 3 })),
  "PUT /api/v1/application/search": body(() => ({ url: null })),
  "POST /api/v1/client-errors": body(() => ({ kind: "error", route: "/" })),
  "PUT /api/v1/favourites": body(() => ({ tiles: [] })),
  "POST /api/v1/inbox": body(({ someone }) => ({ to: someone, kind: "order", title: "Un ordre à signer" })),
  "POST /api/v1/inbox/undo": body(() => ({ token: "nothing" })),
  "POST /api/v1/inbox/{id}/read": at("/api/v1/inbox", (world) => world.told(), "/read"),
  "POST /api/v1/inbox/{id}/unread": at("/api/v1/inbox", (world) => world.told(), "/unread"),
  "POST /api/v1/invitations": body((world) => world.invitation()),
  "POST /api/v1/invitations/{id}/end": at("/api/v1/invitations", (world) => world.invited(), "/end", () => ({ body: {} })),
  "POST /api/v1/invitations/{id}/extend": at("/api/v1/invitations", (world) => world.invited(), "/extend", () => ({
    body: { until: Date.now() + 30 * 86_400_000 },
  })),
  "POST /api/v1/invitations/{id}/reset-second-factor": at(
    "/api/v1/invitations",
    (world) => world.invited(),
    "/reset-second-factor",
    () => ({ body: {} }),
  ),
  "GET /api/v1/people": async () => ({ path: "/api/v1/people?q=delmas" }),
  "GET /api/v1/people/{id}": at("/api/v1/people", ({ someone }) => someone),
  "POST /api/v1/requests": body((world) => world.request()),
  "POST /api/v1/requests/{id}/withdraw": requested("/api/v1/requests", "/withdraw"),
  "GET /api/v1/search": async () => ({ path: "/api/v1/search?q=delmas" }),
  "PUT /api/v1/settings": async () => ({
    body: {
      allowUrgent: true,
      digest: "none",
      digestAt: "08:00",
      quietHours: { days: Array(7).fill(null) },
      zone: "Europe/Paris",
    },
    headers: NEVER_MATCHES,
  }),
  "POST /api/v1/tiles/{id}/opened": at("/api/v1/tiles", (world) => world.opened(), "/opened"),
};
