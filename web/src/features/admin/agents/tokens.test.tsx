import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { PREFECTURE, openAdmin } from "../testing.tsx";

const AGENT = {
  id: "a-1",
  givenName: "Léa",
  usualName: "Marchetti",
  displayName: "Léa Marchetti",
  initials: "LM",
  email: "lea.marchetti@interieur.exemple",
  organisation: PREFECTURE,
  state: "active",
  sessions: 1,
  roles: 0,
  guests: 0,
  may: ["suspend"],
};
const TOKEN = { id: "t-1", name: "Sauvegarde", scopes: ["people:read"], createdAt: Date.UTC(2026, 10, 30), expiresAt: Date.UTC(2027, 1, 28) };
const section = async () => within(await screen.findByRole("region", { name: "Jetons d’accès" }));

test("what programs have of an agent is said in words, and revoked once the consequence is read", async () => {
  let items = [TOKEN];
  const { user, writes } = openAdmin("/agents/a-1", {
    "GET admin/agents/a-1": AGENT,
    "GET admin/agents/a-1/tokens": () => ({ items }),
    "DELETE admin/agents/a-1/tokens/t-1": () => {
      items = [];
      return 204;
    },
  });
  const own = await section();
  expect(await own.findByText("chercher dans l’annuaire")).toBeDefined();
  expect(own.getByText("Fait le 30 novembre 2026. Expire le 28 février 2027")).toBeDefined();
  await user.click(own.getByRole("button", { name: "Révoquer le jeton Sauvegarde" }));
  expect(writes()).toEqual([]);
  const dialog = within(screen.getByRole("dialog", { name: /^Révoquer le jeton/ }));
  expect(dialog.getByText(/n’entre plus au nom de Léa Marchetti/)).toBeDefined();
  await user.click(dialog.getByRole("button", { name: "Révoquer" }));
  await waitFor(() => expect(own.getByText("Aucun programme n’agit en son nom.")).toBeDefined());
});

test("who may do nothing to an account sees its tokens and revokes none", async () => {
  openAdmin("/agents/a-1", { "GET admin/agents/a-1": { ...AGENT, may: [] }, "GET admin/agents/a-1/tokens": { items: [TOKEN] } });
  const own = await section();
  expect(await own.findByText("Sauvegarde")).toBeDefined();
  expect(own.queryByRole("button", { name: /^Révoquer/ })).toBeNull();
});
