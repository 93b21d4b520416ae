import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { navigation } from "../../lib/navigation.ts";
import { open } from "../../test/app.tsx";

test("the account shows name, address and organisation", async () => {
  open("/");
  expect(await screen.findByRole("button", { name: "CD, mon compte\u00a0: Claire Delmas" })).toBeDefined();
  expect(screen.getByText("claire.delmas@interieur.exemple")).toBeDefined();
  expect(screen.getAllByText("Ministère de l’Intérieur").length).toBeGreaterThan(0);
});

test("signing out is a form with the session's token", async () => {
  open("/");
  const button = await screen.findByRole("button", { name: "Se déconnecter", hidden: true });
  const form = button.closest("form");
  expect(form?.method).toBe("post");
  expect(form?.getAttribute("action")).toBe("/deconnexion");
  expect(new FormData(form ?? undefined).get("csrf")).toBe("a-token-of-this-session");
});

test("a session that is over goes to the sign-in page once, and comes back here", async () => {
  const go = vi.spyOn(navigation, "go").mockImplementation(() => undefined);
  open("/outils?x=1", { session: 401, home: 401 });
  await waitFor(() => expect(go).toHaveBeenCalled());
  await screen.findByRole("alert");
  expect(go.mock.calls).toEqual([["/connexion?retour=%2Foutils%3Fx%3D1"]]);
});

test("another refusal does not leave the page", async () => {
  const go = vi.spyOn(navigation, "go").mockImplementation(() => undefined);
  open("/", { home: 403 });
  await screen.findByRole("alert");
  expect(go).not.toHaveBeenCalled();
});
