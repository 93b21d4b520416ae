import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";

import { open } from "../../test/app.tsx";
import type { OwnApplication, OwnSession } from "./api/account.ts";

const opened = Date.now() - 3_600_000;
const session = (id: string, more: Partial<OwnSession> = {}): OwnSession => ({
  id,
  current: false,
  browser: "firefox",
  system: "windows",
  provider: "Ministère de l’Intérieur",
  openedAt: opened,
  seenAt: opened,
  expiresAt: opened + 43_200_000,
  ...more,
});
const mission: OwnApplication = {
  clientId: "mission",
  name: "Ordres de mission",
  scopes: ["openid", "email", "une_portee_inconnue"],
  firstAt: opened,
  lastAt: opened,
};

const own = session("un", { current: true });
const account = (sessions: OwnSession[], applications: OwnApplication[] = []) => ({
  "account/sessions": { items: sessions },
  "account/applications": { items: applications },
  "account/tokens": { items: [], most: 20, longestDays: 365, usualDays: 90, scopes: ["inbox:read"] },
});

test("each session but this one is closed from here, and it is said", async () => {
  const { user, writes, answers } = open("/compte", {
    ...account([own, session("deux", { browser: "safari", system: "ios" })]),
    "account/sessions/deux": 204,
  });
  await screen.findByText("celle-ci");
  expect(screen.getAllByRole("button", { name: /^Fermer la session/ })).toHaveLength(1);
  answers["account/sessions"] = { items: [own] };
  await user.click(screen.getByRole("button", { name: /^Fermer la session Safari sous iOS/ }));
  await screen.findByText("La session Safari sous iOS est fermée.");
  expect(writes()[0]).toMatchObject({ method: "DELETE", path: "/api/v1/account/sessions/deux" });
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Fermer la session/ })).toBeNull());
});

test("all others at once, said with their number; what fails leaves them", async () => {
  const { user, writes } = open("/compte", {
    "account/applications": { items: [] },
    "account/sessions": ({ method }) => (method === "DELETE" ? 500 : { items: [own, session("deux"), session("trois")] }),
  });
  await user.click(await screen.findByRole("button", { name: "Fermer les 2 autres sessions" }));
  await screen.findByText(/^Rien n’a été fermé/);
  expect(writes()[0]).toMatchObject({ method: "DELETE", path: "/api/v1/account/sessions" });
  expect(screen.getByRole("button", { name: "Fermer les 2 autres sessions" })).toBeDefined();
});

test("what an application received is said in words, and taken back once the consequence is read", async () => {
  const { user, writes, answers } = open("/compte", { ...account([own], [mission]), "account/applications/mission": 204 });
  await screen.findByText(/^votre identifiant, votre adresse et une_portee_inconnue$/);
  await user.click(screen.getByRole("button", { name: "Retirer à Ordres de mission ce qu’elle a reçu" }));
  expect(writes()).toHaveLength(0);
  await screen.findByText(/^Ses accès cessent aussitôt/);
  answers["account/applications"] = { items: [] };
  await user.click(screen.getByRole("button", { name: "Retirer", hidden: true }));
  await screen.findByText("Ordres de mission ne lit plus rien de vous par Besace.");
  expect(writes()[0]).toMatchObject({ method: "DELETE", path: "/api/v1/account/applications/mission" });
  await screen.findByText("Vous n’êtes entré dans aucune application par Besace.");
});

test("a part that cannot be read says so beside the others", async () => {
  open("/compte", { ...account([own]), "account/applications": 500 });
  await screen.findByText("celle-ci");
  await screen.findByText("Cette partie n’a pas pu être chargée");
  expect(screen.getByRole("link", { name: "Télécharger mes données" })).toBeDefined();
});
