import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Provider } from "../api/providerShapes.ts";
import type { OwnGrant } from "../api/shapes.ts";
import { openAdmin } from "../testing.tsx";
import { bodyOf, EMPTY, faultsOf, formOf, type ProviderForm } from "./form.ts";

const OPERATOR: OwnGrant = { role: "operator" };

const form: ProviderForm = {
  ...EMPTY,
  title: "Keycloak du ministère",
  issuer: "https://connexion.exemple/",
  clientId: "besace",
  domains: ["Interieur.exemple"],
  supportLabel: "Assistance",
};

const known: Provider = {
  id: "keycloak",
  title: form.title,
  preset: "keycloak",
  organisation: { id: "o", label: "Ministère" },
  issuer: form.issuer,
  clientId: form.clientId,
  secretAt: Date.UTC(2026, 10, 3, 9),
  domains: ["interieur.exemple"],
  unprovedDomains: ["interieur.exemple"],
  authMethod: "client_secret_post",
  idTokenAlg: "RS256",
  mfaCapable: true,
  scopes: ["openid", "email"],
  claimNames: { uid: "preferred_username" },
  support: { label: "Assistance" },
  enabled: false,
  readOnly: false,
  redirectUri: "https://besace.exemple/api/v2/oidc-callback",
  logoutUri: "https://besace.exemple/api/v2/client/logout-callback",
  agents: 1,
};

test("a provider of a ministry needs a domain, a broker has none", () => {
  expect(faultsOf(form, "a-secret", false)).toEqual({});
  expect(faultsOf({ ...form, domains: [] }, "a-secret", false)).toEqual({ domains: "required" });
  const broker: ProviderForm = { ...form, preset: "proconnect", domains: ["pas un domaine"] };
  expect(faultsOf(broker, "a-secret", false)).toEqual({});
  expect(bodyOf(broker, "o", "a-secret").domains).toEqual([]);
  expect(bodyOf(form, "o", "a-secret").domains).toEqual(["interieur.exemple"]);
});

test("settings without a field go back as they were, those of another preset do not", () => {
  const kept = bodyOf(formOf(known), "o", "", known);
  expect(kept).toMatchObject({ idTokenAlg: "RS256", scopes: ["openid", "email"], claimNames: known.claimNames, mfaCapable: true });
  expect("clientSecret" in kept).toBe(false);
  const other = bodyOf({ ...formOf(known), preset: "generic" }, "o", "", known);
  expect(other).toMatchObject({ authMethod: "client_secret_post", mfaCapable: true });
  for (const setting of ["idTokenAlg", "scopes", "claimNames"]) expect(setting in other).toBe(false);
});

test("an administrator is not offered a broker, the operator is, without domains", async () => {
  const first = openAdmin("/fournisseurs/nouveau", {});
  await screen.findByRole("radio", { name: /^Keycloak/ });
  expect(screen.queryByRole("radio", { name: /^ProConnect/ })).toBeNull();
  first.view.unmount();
  const { user } = openAdmin("/fournisseurs/nouveau", {}, [OPERATOR]);
  await user.click(await screen.findByRole("radio", { name: /^ProConnect/ }));
  expect(screen.queryByRole("textbox", { name: "Domaines des adresses" })).toBeNull();
  expect(screen.getByText(/^Un courtier répond de tous les ministères/)).toBeDefined();
  expect(screen.getByRole("button", { name: "Ouvrir à toutes les autres adresses" })).toBeDefined();
});

test("a trial that succeeds without a SIRET says so, and one that lacks nothing says that it succeeded", async () => {
  const trial = { state: "done", at: Date.UTC(2026, 10, 3, 9), claims: [{ name: "siret", received: false, required: false }] };
  const open = (missing: string[]) =>
    openAdmin("/fournisseurs/keycloak", {
      "GET admin/providers/keycloak": known,
      "GET admin/providers/keycloak/try": { ...trial, missing },
    });
  const first = open(["siret"]);
  expect(await screen.findByText(/^Connexion possible à .*, mais sans siret\.$/)).toBeDefined();
  first.view.unmount();
  open([]);
  expect(await screen.findByText(/^Essai réussi à/)).toBeDefined();
});

test("a saved provider says since when its secret is kept, which domains await a proof, and who came by it", async () => {
  openAdmin("/fournisseurs/keycloak", {
    "GET admin/providers/keycloak": known,
    "GET admin/providers/keycloak/try": {
      state: "failed",
      at: Date.UTC(2026, 10, 3, 9),
      claims: [{ name: "siret", received: false, required: true }],
      missing: ["siret"],
      proposedSiret: "11001401600015",
    },
  });
  expect(await screen.findByText("Posé le 3 novembre 2026, jamais montré. Laissez vide pour ne pas le changer.")).toBeDefined();
  expect(screen.getByText("preuve attendue")).toBeDefined();
  expect(screen.getByText("Un agent s’est déjà connecté par lui.")).toBeDefined();
  expect(await screen.findByText("110 014 016 00015")).toBeDefined();
});
