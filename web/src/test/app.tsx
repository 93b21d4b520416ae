// The whole application, above a server that answers from an object.

import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { BrowserRouter } from "react-router";
import { vi } from "vitest";

import { App } from "../app/App.tsx";
import { chooseLocale } from "../i18n/locale.ts";
import type { AnswerOf } from "../lib/api/client.ts";
import { makeQueryClient } from "../lib/query.ts";

export const session: AnswerOf<"/api/v1/session"> = {
  agent: {
    id: "0193a000-0000-7000-8000-000000000001",
    givenName: "Claire",
    usualName: "Delmas",
    displayName: "Claire Delmas",
    initials: "CD",
    email: "claire.delmas@interieur.exemple",
    population: "agent",
    organisation: { id: "0193a000-0000-7000-8000-000000000002", label: "Ministère de l’Intérieur" },
  },
  csrfToken: "a-token-of-this-session",
  grants: [],
  expiresAt: 1_795_550_000_000,
};

export const site: AnswerOf<"/api/v1/site"> = {
  name: "Besace",
  theme: "neutral",
  support: { label: "Assistance informatique", phone: "01 99 00 12 34" },
  accessibility: "non conforme",
  demo: false,
  version: "0.1.0",
};

type Tile = AnswerOf<"/api/v1/home">["categories"][number]["tiles"][number];

const tile = (id: string, name: string, description: string): Tile => ({
  id,
  name,
  description,
  icon: "chat-3-line",
  url: `https://${id}.exemple/`,
  reach: "internet",
  reaches: ["internet"],
});

export const home: AnswerOf<"/api/v1/home"> = {
  greetingName: "Claire",
  now: Date.UTC(2026, 10, 24, 8, 22),
  zone: "Europe/Paris",
  categories: [
    {
      id: "communiquer",
      title: "Communiquer",
      family: "blue",
      tiles: [tile("messages", "Messages", "Discussions chiffrées"), tile("reunions", "Réunions", "Visioconférence")],
    },
    {
      id: "crises",
      title: "Gestion des crises",
      family: "rust",
      tiles: [tile("main-courante", "Main courante", "Événements en cours")],
    },
  ],
  guest: false,
  firstDay: false,
  favourites: [],
  recents: [],
  nowItems: [],
  announcements: [],
};

/** The body of an answer, the status of a refusal, or what makes one of them from the request. */
type Answer = object | number | ((asked: Asked) => object | number | Promise<object>);
type Answers = Record<string, Answer>;

/** A request that the application made. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly headers: Headers;
  readonly keepalive: boolean;
}

const quiet: Answers = { inbox: { items: [], unread: 0 }, "client-errors": 204 };

/** Opens the application at a path; `answers` replaces what the server says, by path after `/api/v1/`. */
export function open(path: string, answers: Answers = {}) {
  const all: Answers = { session, site, home, ...quiet, ...answers };
  const asked: string[] = [];
  const requests: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(pathname);
    const text = await request.clone().text();
    const { method, headers, keepalive } = request;
    const one: Asked = { method, path: pathname, query: search, body: text === "" ? undefined : JSON.parse(text), headers, keepalive };
    requests.push(one);
    const given = all[pathname.replace("/api/v1/", "")] ?? 404;
    const answer = typeof given === "function" ? await (given as (asked: Asked) => object | number | Promise<object>)(one) : given;
    if (answer instanceof Response) return answer;
    if (typeof answer === "object") return Response.json(answer);
    if (answer < 300) return new Response(null, { status: answer });
    const problem = { type: "/problems/test", title: "Refus", status: answer, requestId: "0193-7c51-e0b4" };
    return Response.json(problem, { status: answer, headers: { "content-type": "application/problem+json" } });
  });
  history.replaceState(null, "", path);
  if (!document.cookie.includes("besace-lang")) chooseLocale("fr");
  const client = makeQueryClient();
  const view = render(
    <BrowserRouter>
      <App queryClient={client} />
    </BrowserRouter>,
  );
  const writes = () => requests.filter(({ method }) => method !== "GET");
  return { ...view, client, asked, requests, writes, answers: all, user: userEvent.setup() };
}
