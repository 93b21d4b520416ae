import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { BrowserRouter, Route, Routes } from "react-router";
import { expect, test, vi } from "vitest";

import { chooseLocale } from "../../../i18n/locale.ts";
import { makeQueryClient } from "../../../lib/query.ts";
import { session } from "../../../test/app.tsx";
import type { OwnGrant } from "../api/shapes.ts";
import { MINISTRY } from "../testing.tsx";
import ProviderAdmin from "./ProviderAdmin.tsx";

const NADIA = {
  id: "c-1",
  givenName: "Nadia",
  usualName: "Benhamou",
  displayName: "Nadia Benhamou",
  email: "nadia.benhamou@interieur.exemple",
  organisation: MINISTRY,
  origin: "invited",
  passwordChosen: false,
  invitedUntil: Date.UTC(2026, 11, 7),
  secondFactor: false,
  secondFactorDue: false,
  may: ["invite", "reset_factor", "remove"],
};
const LINK = "https://comptes.exemple/mot-de-passe/secret";

type Answers = Record<string, object | number>;

function open(path: string, answers: Answers, role: OwnGrant["role"] = "administrator", more: object = {}) {
  const grants = [{ role, organisation: MINISTRY, subtree: true }];
  const all: Answers = { "GET session": { ...session, grants }, "GET organisations": { items: [MINISTRY] }, "GET site": {}, ...answers };
  const sent: { line: string; body: string }[] = [];
  const asked: URLSearchParams[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const line = `${request.method} ${new URL(request.url).pathname.replace("/api/v1/", "")}`;
    sent.push({ line, body: await request.clone().text() });
    if (line === "GET admin/local-accounts") asked.push(new URL(request.url).searchParams);
    const answer = all[line] ?? 404;
    if (typeof answer !== "number") return Response.json(answer);
    if (answer < 300) return new Response(null, { status: answer });
    const problem = { type: "/problems/test", title: "Refus du service", status: answer, ...more };
    return Response.json(problem, { status: answer, headers: { "content-type": "application/problem+json" } });
  });
  history.replaceState(null, "", `/administration${path}`);
  chooseLocale("fr");
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <BrowserRouter>
        <Routes>
          <Route path="/administration/*" element={<main><ProviderAdmin /></main>} />
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), reads: () => asked, writes: () => sent.filter(({ line }) => !line.startsWith("GET")) };
}

/** The line of somebody in the list. */
async function row(name: string) {
  return within((await screen.findByRole("link", { name })).closest("tr") as HTMLElement);
}

test("a list without an account says what to do next, and one with some how they stand", async () => {
  open("/comptes", { "GET admin/local-accounts": { items: [] } });
  expect(await screen.findByText("Aucun compte pour l’instant")).toBeDefined();
  expect(screen.getByRole("link", { name: "Inviter une personne" }).getAttribute("href")).toBe("/administration/comptes/nouveau");
});

test("the list says who waits for what", async () => {
  const claire = { ...NADIA, id: "c-2", displayName: "Claire Delmas", passwordChosen: true, invitedUntil: undefined, secondFactor: true };
  const late = { ...NADIA, id: "c-3", displayName: "Paul Roux", invitedUntil: undefined };
  const shut = { ...claire, id: "c-4", displayName: "Hugo Petit", agentState: "suspended" };
  const gone = { ...claire, id: "c-5", displayName: "Inès Fofana", agentState: "departed" };
  open("", { "GET admin/local-accounts": { items: [NADIA, claire, late, shut, gone] } });
  expect((await row("Nadia Benhamou")).getByText("Invitation en attente")).toBeDefined();
  expect((await row("Claire Delmas")).getByText("Ouvert")).toBeDefined();
  expect((await row("Hugo Petit")).getByText("Suspendu")).toBeDefined();
  expect((await row("Hugo Petit")).queryByText("Ouvert")).toBeNull();
  expect((await row("Inès Fofana")).getByText("Parti")).toBeDefined();
  expect((await row("Paul Roux")).getByText("Invitation périmée")).toBeDefined();
});

test("where no mail leaves, the link is shown once, until it has been copied", async () => {
  const { user, writes } = open("/comptes/nouveau", {
    "POST admin/local-accounts": { account: NADIA, invitation: { mailed: false, link: LINK } },
    "GET admin/local-accounts/c-1": NADIA,
  });
  await user.type(await screen.findByRole("textbox", { name: "Adresse électronique" }), NADIA.email);
  await user.click(screen.getByRole("button", { name: "Envoyer l’invitation" }));
  expect(screen.getAllByText("À remplir pour inviter.")).toHaveLength(2);
  expect(writes()).toHaveLength(0);
  await user.type(screen.getByRole("textbox", { name: "Prénom" }), "Nadia");
  await user.type(screen.getByRole("textbox", { name: "Nom" }), "Benhamou{Enter}");
  const dialog = within(await screen.findByRole("dialog", { name: "Le lien à remettre" }));
  expect(dialog.getByText(LINK)).toBeDefined();
  expect(JSON.parse(writes()[0]?.body ?? "")).toEqual({
    email: NADIA.email,
    givenName: "Nadia",
    usualName: "Benhamou",
    organisation: MINISTRY.id,
  });
  await user.click(dialog.getByRole("button", { name: "Je l’ai copié" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Nadia Benhamou" })).toBeDefined();
  expect(screen.queryByText(LINK)).toBeNull();
});

test("an act says first what will happen, and is done once it is agreed to", async () => {
  const { user, writes } = open("/comptes/c-1", {
    "GET admin/local-accounts/c-1": NADIA,
    "GET admin/local-accounts": { items: [] },
    "DELETE admin/local-accounts/c-1": 204,
  });
  await user.click(await screen.findByRole("button", { name: "Retirer le compte" }));
  const dialog = within(screen.getByRole("dialog", { name: "Retirer le compte de Nadia Benhamou" }));
  expect(dialog.getByText("Sa fiche d’agent et le journal restent.")).toBeDefined();
  expect(writes()).toHaveLength(0);
  await user.click(dialog.getByRole("button", { name: "Retirer le compte" }));
  await waitFor(() => expect(location.pathname).toBe("/administration/comptes"));
  expect(writes().map(({ line }) => line)).toEqual(["DELETE admin/local-accounts/c-1"]);
});

test("what the reader may not do is absent", async () => {
  const own = { ...NADIA, may: [] };
  open("/comptes/c-1", { "GET admin/local-accounts/c-1": own });
  expect(await screen.findByText(/Vous ne pouvez rien faire de ce compte/)).toBeDefined();
  expect(screen.queryByRole("button", { name: "Retirer le compte" })).toBeNull();
});

test("of an account that the file keeps and that has no factor, it is said that there is nothing to do", async () => {
  const kept = { ...NADIA, origin: "configured", passwordChosen: true, invitedUntil: undefined, may: [] };
  open("/comptes/c-1", { "GET admin/local-accounts/c-1": kept });
  expect(await screen.findByText(/Il n’y a rien à faire de ce compte pour l’instant/)).toBeDefined();
  expect(screen.getByText(/Ce compte vient de la configuration/)).toBeDefined();
  cleanup();
  open("/comptes/c-1", { "GET admin/local-accounts/c-1": { ...kept, secondFactor: true } });
  expect(await screen.findByText(/cette personne tient un rôle plus large/)).toBeDefined();
});

test("a refused invitation stays written and says why", async () => {
  const { user } = open("/comptes/nouveau", { "POST admin/local-accounts": 409 });
  const email = await screen.findByRole("textbox", { name: "Adresse électronique" });
  await user.type(email, NADIA.email);
  await user.type(screen.getByRole("textbox", { name: "Prénom" }), "Nadia");
  await user.type(screen.getByRole("textbox", { name: "Nom" }), "Benhamou{Enter}");
  expect(await screen.findByText("Refus du service")).toBeDefined();
  expect((email as HTMLInputElement).value).toBe(NADIA.email);
});

/** Writes an invitation that is refused, with more than the usual in the refusal. */
async function refusedWith(more: object) {
  const { user } = open("/comptes/nouveau", { "POST admin/local-accounts": 409 }, "administrator", more);
  await user.type(await screen.findByRole("textbox", { name: "Adresse électronique" }), NADIA.email);
  await user.type(screen.getByRole("textbox", { name: "Prénom" }), "Nadia");
  await user.type(screen.getByRole("textbox", { name: "Nom" }), "Benhamou{Enter}");
  await screen.findByText("Refus du service");
}

test("of somebody who is invited already, one is led to the sheet, and of nobody else", async () => {
  await refusedWith({ account: "c-1" });
  expect(screen.getByRole("link", { name: "Voir sa fiche" }).getAttribute("href")).toBe("/administration/comptes/c-1");
  cleanup();
  await refusedWith({});
  expect(screen.queryByRole("link", { name: "Voir sa fiche" })).toBeNull();
});

test("an operator may see the accounts of all administrations, and an administrator those of theirs", async () => {
  const { user, reads } = open("/comptes", { "GET admin/local-accounts": { items: [{ ...NADIA, organisation: undefined }] } }, "operator");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Comptes à montrer" }), "De toutes les administrations");
  await waitFor(() => expect(reads().at(-1)?.has("organisation")).toBe(false));
  expect(reads()[0]?.get("organisation")).toBe(MINISTRY.id);
  cleanup();
  open("/comptes", { "GET admin/local-accounts": { items: [NADIA] } });
  await row("Nadia Benhamou");
  expect(screen.queryByRole("combobox", { name: "Comptes à montrer" })).toBeNull();
});

test("an announcer is told who could open the page", async () => {
  open("/comptes", { "GET admin/local-accounts": 403 }, "announcer");
  expect(await screen.findByText("Cette page est réservée aux administrateurs")).toBeDefined();
  expect(screen.queryByRole("navigation", { name: "Menu de l’administration" })).toBeNull();
});
