import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { PREFECTURE, openAdmin } from "../testing.tsx";

const LEA = {
  id: "a-1",
  givenName: "Léa",
  usualName: "Marchetti",
  displayName: "Léa Marchetti",
  initials: "LM",
  email: "lea.marchetti@interieur.exemple",
  organisation: PREFECTURE,
  state: "departed",
  sessions: 0,
  roles: 0,
  may: ["resume", "erase"],
};
const KEPT = { ...LEA, id: "a-2", displayName: "Léa Marchetti-Roux", usualName: "Marchetti-Roux", state: "active", may: ["suspend"] };
const answers = {
  "GET admin/agents/a-1": LEA,
  "GET admin/agents/a-1/tokens": { items: [] },
  "GET admin/agents/a-2": KEPT,
  "GET admin/agents/a-2/tokens": { items: [] },
  "GET people": { items: [LEA, KEPT] },
};
const section = async () => within(await screen.findByRole("region", { name: /^Deux comptes pour une même personne/ }));

test("an account joins the other of the same person once the consequence is read", async () => {
  const { user, writes } = openAdmin("/agents/a-1", { ...answers, "POST admin/agents/a-1/merge": { id: "a-2" } });
  const own = await section();
  await user.click(own.getByRole("button", { name: "Fusionner" }));
  expect(own.getByText("Choisissez dans la liste le compte qui reste.")).toBeDefined();
  await user.type(own.getByRole("combobox"), "Marchetti");
  await user.click(await screen.findByRole("option", { name: /^Léa Marchetti-Roux/ }));
  await user.click(own.getByRole("button", { name: "Fusionner" }));
  expect(writes()).toEqual([]);
  const dialog = within(screen.getByRole("dialog", { name: /^Fusionner Léa Marchetti avec/ }));
  expect(dialog.getByText(/Rien ne revient/)).toBeDefined();
  await user.click(dialog.getByRole("button", { name: "Fusionner" }));
  await screen.findByRole("heading", { level: 1, name: /^Léa Marchetti-Roux/ });
  await waitFor(() => expect(writes()).toHaveLength(1));
});

test("an account does not join itself, and who may do nothing to it merges nothing", async () => {
  const { user, writes } = openAdmin("/agents/a-1", answers);
  const own = await section();
  await user.type(own.getByRole("combobox"), "Marchetti");
  await user.click(await screen.findByRole("option", { name: /^Léa Marchetti(?!-)/ }));
  await user.click(own.getByRole("button", { name: "Fusionner" }));
  expect(own.getByText(/^C’est le compte de cette fiche/)).toBeDefined();
  expect(writes()).toEqual([]);
});
