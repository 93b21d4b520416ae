// The administration above a server that answers from a table.

import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { BrowserRouter, Route, Routes } from "react-router";
import { vi } from "vitest";

import { chooseLocale } from "../../i18n/locale.ts";
import { makeQueryClient } from "../../lib/query.ts";
import { session } from "../../test/app.tsx";
import { Guests } from "../guests/index.ts";
import AdminApp from "./AdminApp.tsx";
import type { Organisation, OwnGrant } from "./api/shapes.ts";

export const MINISTRY: Organisation = { id: session.agent.organisation.id, label: "Ministère de l’Intérieur" };
export const PREFECTURE: Organisation = { id: "o-landes", label: "Préfecture des Landes", parent: MINISTRY.id };

export const ADMINISTRATOR: OwnGrant = { role: "administrator", organisation: MINISTRY, subtree: true };

/** What was sent. */
export interface Sent {
  method: string;
  path: string;
  body: string;
  headers: Headers;
}

/** A body, the status of a refusal, or what decides from the request. */
type Answer = object | number | undefined | ((sent: Sent) => object | number | undefined);

const problem = (status: number) => ({ type: "/problems/test", title: "Refus du service", status, requestId: "0193-7c51-e0b4" });

/** Opens a page of the administration; `answers` by method and path, without the query part. */
export function openAdmin(path: string, answers: Record<string, Answer>, grants: OwnGrant[] = [ADMINISTRATOR]) {
  const all: Record<string, Answer> = {
    "GET session": { ...session, grants },
    "GET organisations": { items: [MINISTRY, PREFECTURE] },
    "GET site": { support: { label: "Assistance" } },
    "GET admin/requests": { items: [] },
    ...answers,
  };
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const asked = new URL(request.url).pathname.replace("/api/v1/", "");
    const one = { method: request.method, path: asked, body: await request.clone().text(), headers: request.headers };
    sent.push(one);
    const known = all[`${request.method} ${asked}`] ?? 404;
    const answer = typeof known === "function" ? (known as (sent: Sent) => object | number | undefined)(one) : known;
    if (typeof answer === "number") {
      if (answer < 300) return new Response(null, { status: answer });
      return Response.json(problem(answer), { status: answer, headers: { "content-type": "application/problem+json" } });
    }
    return Response.json(answer, { headers: { etag: `"${sent.length}"` } });
  });
  history.replaceState(null, "", `/administration${path}`);
  chooseLocale("fr");
  const view = render(
    <QueryClientProvider client={makeQueryClient()}>
      <BrowserRouter>
        <Routes>
          <Route path="/administration/*" element={<main><AdminApp guests={Guests} /></main>} />
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>,
  );
  return { view, sent, user: userEvent.setup(), writes: () => sent.filter(({ method }) => method !== "GET") };
}
