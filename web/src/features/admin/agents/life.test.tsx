import { screen, within } from "@testing-library/react";
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
  guests: 2,
  may: ["suspend"],
};

test("before a suspension the reader learns whom the agent has let in, and where they are found", async () => {
  const { user } = openAdmin("/agents/a-1", { "GET admin/agents/a-1": AGENT, "GET admin/agents/a-1/tokens": { items: [] } });
  const found = await screen.findByRole("link", { name: "2" });
  expect(found.getAttribute("href")).toBe("/administration/invites?par=a-1");
  await user.click(screen.getByRole("button", { name: "Suspendre" }));
  const dialog = within(screen.getByRole("dialog", { name: "Suspendre Léa Marchetti" }));
  expect(dialog.getByText("Ses invitations restées sans réponse sont retirées.")).toBeDefined();
  expect(dialog.getByText(/Les accès des 2 personnes invitées restent ouverts/)).toBeDefined();
});
