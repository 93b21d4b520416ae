import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { open } from "../../test/app.tsx";
import type { OwnToken, OwnTokens } from "./api/tokens.ts";

const DAY = 86_400_000;
const SECRET = `besace_${"0".repeat(72)}`;
const token = (id: string, name: string, more: Partial<OwnToken> = {}): OwnToken => ({
  id,
  name,
  scopes: ["people:read", "une:portee-inconnue"],
  createdAt: Date.now() - DAY,
  expiresAt: Date.UTC(2027, 1, 28, 12),
  ...more,
});
const tokens = (items: OwnToken[], more: Partial<OwnTokens> = {}): OwnTokens => ({
  items,
  most: 20,
  longestDays: 365,
  usualDays: 90,
  scopes: ["profile:read", "people:read"],
  ...more,
});
const account = (own: OwnTokens) => ({
  "account/sessions": { items: [] },
  "account/applications": { items: [] },
  "account/tokens": own,
});
const section = async () => within(await screen.findByRole("region", { name: "Jetons d’accès" }));

test("without a token the section says what one is for, and one is made, shown once and never again", async () => {
  const made = token("un", "Sauvegarde");
  const { user, writes, answers } = open("/compte", {
    ...account(tokens([])),
    "account/tokens": ({ method }) => (method === "POST" ? { token: made, secret: SECRET } : tokens([])),
  });
  const own = await section();
  await own.findByText(/^Aucun programme n’agit en votre nom/);
  await user.click(own.getByRole("button", { name: "Faire un jeton" }));
  const form = within(await screen.findByRole("dialog", { name: "Faire un jeton d’accès" }));
  await user.click(form.getByRole("button", { name: "Faire ce jeton" }));
  expect(form.getByText("Donnez un nom au jeton.")).toBeDefined();
  expect(form.getByText("Cochez une chose au moins.")).toBeDefined();
  expect(writes()).toHaveLength(0);
  await user.type(form.getByRole("textbox", { name: "Nom" }), "Sauvegarde");
  await user.click(form.getByRole("checkbox", { name: "chercher dans l’annuaire" }));
  await user.selectOptions(form.getByRole("combobox", { name: "Durée" }), "30");
  answers["account/tokens"] = ({ method }: { method: string }) => (method === "POST" ? { token: made, secret: SECRET } : tokens([made]));
  await user.click(form.getByRole("button", { name: "Faire ce jeton" }));
  const once = within(await screen.findByRole("dialog", { name: /^Le jeton/ }));
  expect(once.getByText(SECRET)).toBeDefined();
  expect(writes()[0]).toMatchObject({ method: "POST", path: "/api/v1/account/tokens", body: { name: "Sauvegarde", scopes: ["people:read"], days: 30 } });
  await user.click(once.getByRole("button", { name: "Je l’ai copié" }));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
  await own.findByText("Sauvegarde");
  expect(own.getByText(/^chercher dans l’annuaire et une:portee-inconnue$/)).toBeDefined();
  expect(own.getByText(/Expire : 28 février 2027$/)).toBeDefined();
  expect(own.getByText("N’a jamais servi")).toBeDefined();
});

test("a refusal is said where the token is made, and what was written stays", async () => {
  const { user } = open("/compte", {
    ...account(tokens([])),
    "account/tokens": ({ method }) => (method === "POST" ? 409 : tokens([])),
  });
  await user.click(await (await section()).findByRole("button", { name: "Faire un jeton" }));
  const form = within(await screen.findByRole("dialog", { name: "Faire un jeton d’accès" }));
  await user.type(form.getByRole("textbox", { name: "Nom" }), "Sauvegarde");
  await user.click(form.getByRole("checkbox", { name: "savoir à qui est le jeton" }));
  await user.click(form.getByRole("button", { name: "Faire ce jeton" }));
  expect((await form.findByRole("alert")).textContent).toContain("Refus");
  expect(form.getByRole<HTMLInputElement>("textbox", { name: "Nom" }).value).toBe("Sauvegarde");
});

test("a token is revoked once the consequence is read, or all at once", async () => {
  const [one, two] = [token("un", "Sauvegarde", { lastUsedAt: Date.now() - DAY }), token("deux", "Tableau de bord")];
  const { user, writes, answers } = open("/compte", { ...account(tokens([one, two])), "account/tokens/un": 204 });
  const own = await section();
  await own.findByText("Servi : hier");
  await user.click(own.getByRole("button", { name: "Révoquer le jeton Sauvegarde" }));
  expect(writes()).toHaveLength(0);
  const dialog = within(screen.getByRole("dialog", { name: /^Révoquer le jeton/ }));
  answers["account/tokens"] = tokens([two]);
  await user.click(dialog.getByRole("button", { name: "Révoquer" }));
  await screen.findByText("Le jeton « Sauvegarde » n’ouvre plus rien.");
  expect(writes()[0]).toMatchObject({ method: "DELETE", path: "/api/v1/account/tokens/un" });
  await waitFor(() => expect(own.queryByText("Sauvegarde")).toBeNull());
});

test("all tokens are revoked by one request", async () => {
  const both = tokens([token("un", "Sauvegarde"), token("deux", "Tableau de bord")]);
  const { user, writes } = open("/compte", {
    ...account(both),
    "account/tokens": ({ method }) => (method === "DELETE" ? { revoked: 2 } : both),
  });
  const own = await section();
  await user.click(await own.findByRole("button", { name: "Révoquer les 2 jetons" }));
  const dialog = within(screen.getByRole("dialog", { name: "Révoquer tous vos jetons" }));
  await user.click(dialog.getByRole("button", { name: "Révoquer les 2 jetons" }));
  await screen.findByText("Vos jetons n’ouvrent plus rien.");
  expect(writes()[0]).toMatchObject({ method: "DELETE", path: "/api/v1/account/tokens" });
});

test("who has as many as may be is told so, and makes none", async () => {
  const { user } = open("/compte", account(tokens([token("un", "Sauvegarde"), token("deux", "Tableau de bord")], { most: 2 })));
  const own = await section();
  await own.findByText(/^Vous avez 2 jetons, le plus possible/);
  await user.click(own.getByRole("button", { name: "Faire un jeton" }));
  expect(screen.queryByRole("dialog", { name: "Faire un jeton d’accès" })).toBeNull();
});
