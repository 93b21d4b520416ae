import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { session } from "../../test/app.tsx";
import { openAdmin, PREFECTURE } from "./testing.tsx";

const SHEET = { id: "o", label: "Ministère", siret: "1", agents: 412, guestsSecondFactor: false, administrators: [] };
const overview = { "GET admin/tools": { items: [] } };

test("without any grant the page says so, and who could open it", async () => {
  openAdmin("", {}, []);
  expect(await screen.findByText(/Un administrateur de « Ministère de l’Intérieur »/)).toBeDefined();
  expect(screen.queryByRole("navigation", { name: "Menu de l’administration" })).toBeNull();
});

test("roles that wait for a second factor lead to the ministry and back to the page", async () => {
  openAdmin("/outils?etat=brouillon", { "GET session": { ...session, grants: [], rolesNeed: "eidas2" } });
  const link = await screen.findByRole("link", { name: "Se connecter avec un second facteur" });
  const target = new URL((link as HTMLAnchorElement).href);
  expect(target.pathname).toBe("/connexion");
  expect(target.searchParams.get("retour")).toBe("/administration/outils?etat=brouillon");
  expect(target.searchParams.has("renforcer")).toBe(true);
});

test("an announcer sees announcements only; the rest says who could open it", async () => {
  openAdmin("/outils", { "GET admin/announcements": { items: [] } }, [{ role: "announcer", organisation: PREFECTURE, subtree: false }]);
  const menu = await screen.findByRole("navigation", { name: "Menu de l’administration" });
  expect(within(menu).getAllByRole("link").map(({ textContent }) => textContent)).toEqual(["Annonces"]);
  expect(screen.getByText(/Vos droits sur « Préfecture des Landes »/)).toBeDefined();
});

test("who administers several chooses for whom they act, and the choice is kept", async () => {
  const { user, sent } = openAdmin("", {
    ...overview,
    [`GET admin/organisation/${PREFECTURE.id}`]: SHEET,
  });
  await user.selectOptions(await screen.findByRole("combobox", { name: "Vous agissez pour" }), PREFECTURE.id);
  expect(await screen.findByText(/« Préfecture des Landes » montre/)).toBeDefined();
  expect(sent.some(({ path }) => path === `admin/organisation/${PREFECTURE.id}`)).toBe(true);
  expect(localStorage.getItem("besace-admin-organisation")).toBe(PREFECTURE.id);
});

test("a list that fails says so with its number, and is tried again", async () => {
  let broken = true;
  const { user } = openAdmin("/agents", { "GET admin/agents": () => (broken ? 500 : { items: [] }) });
  expect(await screen.findByText("0193-7c51-e0b4")).toBeDefined();
  broken = false;
  await user.click(screen.getByRole("button", { name: "Réessayer" }));
  expect(await screen.findByText("Aucun agent pour l’instant")).toBeDefined();
});

test("a request is refused with a reason, never without", async () => {
  const request = { id: "r-1", kind: "tool", state: "pending", name: "Suivi", at: 0, organisation: PREFECTURE, by: { id: "a", displayName: "Paul Vernier" } };
  let items = [request];
  const { user, writes } = openAdmin("/demandes", {
    "GET admin/requests": () => ({ items }),
    "POST admin/requests/r-1/refuse": () => {
      items = [];
      return 204;
    },
  });
  await user.click(await screen.findByRole("button", { name: "Refuser" }));
  await user.click(screen.getByRole("button", { name: "Refuser et envoyer le motif" }));
  expect(writes()).toEqual([]);
  await user.type(screen.getByRole("textbox", { name: "Motif du refus" }), "Déjà publié");
  await user.click(screen.getByRole("button", { name: "Refuser et envoyer le motif" }));
  expect(await screen.findByText("Refusée. Votre motif est envoyé.")).toBeDefined();
  expect(writes().map(({ body }) => JSON.parse(body))).toEqual([{ reason: "Déjà publié" }]);
  expect(document.activeElement?.tagName).toBe("H1");
});

test("a role says by name who gave it", async () => {
  const by = { id: "a-9", displayName: "Paul Vernier", initials: "PV", email: "p", organisation: PREFECTURE };
  const grant = { id: "g", agent: { id: "a", displayName: "Léa Roux", email: "l" }, role: "announcer", subtree: false, by: by.id, at: 0 };
  openAdmin("/agents/roles", { "GET admin/grants": { items: [grant] }, "GET people/a-9": by });
  expect(await screen.findByText(/^donné par Paul Vernier le/)).toBeDefined();
  expect(screen.queryByText(/a-9/)).toBeNull();
});

test("the last administrator cannot be removed, and the page says what to do", async () => {
  const grant = { id: "g", agent: { id: "a", displayName: "Claire Delmas", email: "c" }, role: "administrator", subtree: true, at: 0 };
  const { user } = openAdmin("/agents/roles", { "GET admin/grants": { items: [grant] }, "DELETE admin/grants/g": 409 });
  await user.click(await screen.findByRole("button", { name: /^Retirer à Claire Delmas/ }));
  await user.click(screen.getByRole("button", { name: "Retirer ce rôle" }));
  expect(await screen.findByText(/garde toujours un administrateur/)).toBeDefined();
});
