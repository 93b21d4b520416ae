import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { openAdmin, PREFECTURE, type Sent } from "../testing.tsx";

const TOOL = {
  id: "t-1",
  name: { fr: "Arrêtés", en: "Orders" },
  description: { fr: "Rédiger" },
  state: "draft",
  organisation: { id: "o", label: "Ministère" },
  category: "crises",
  icon: "scales-3-line",
  url: "https://arretes.exemple/",
  reaches: ["rie"],
  audience: { organisation: { id: PREFECTURE.id, subtree: false } },
  guests: false,
  updatedAt: 0,
  pendingApprovals: 0,
};
const MEANING = { sentence: "Tous les agents.", count: 412, here: 412, elsewhere: [], warnings: [] };
const base = {
  "GET admin/categories": { items: [{ id: "crises", title: "Gestion des crises", family: "rust" }] },
  "GET admin/tools/t-1": TOOL,
  "POST admin/audience/describe": MEANING,
};

test("the audience reads as a sentence of rows; the button says how many", async () => {
  openAdmin("/outils/t-1", base);
  expect(await screen.findByText("Montrer à")).toBeDefined();
  expect(screen.getByRole("button", { name: "Retirer\u00a0: Préfecture des Landes, tous les agents" })).toBeDefined();
  expect(await screen.findByRole("button", { name: "Publier pour 412 agents" })).toBeDefined();
});

test("a row is added by keys from the directory, and the rule is sent", async () => {
  const { user, writes } = openAdmin("/outils/t-1", {
    ...base,
    "GET people": { items: [{ id: "a-9", displayName: "Paul Vernier", initials: "PV", email: "p", organisation: PREFECTURE }] },
    "GET people/a-9": { id: "a-9", displayName: "Paul Vernier", initials: "PV", email: "p", organisation: PREFECTURE },
    "PUT admin/tools/t-1": ({ body }: Sent) => ({ ...TOOL, ...JSON.parse(body) }),
  });
  const adder = await screen.findByRole("button", { name: "Ajouter une exception" });
  await user.click(adder);
  const editor = screen.getByRole("group", { name: "Ajouter une exception" });
  await user.click(within(editor).getByRole("radio", { name: /Une personne/ }));
  const field = within(editor).getByRole("combobox", { name: "Personne" });
  await user.type(field, "vern");
  expect(await screen.findByRole("option", { name: /Paul Vernier/ })).toBeDefined();
  await user.keyboard("{ArrowDown}");
  expect(field.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { name: /Paul Vernier/ }).id);
  await user.keyboard("{Enter}");
  expect(field.getAttribute("aria-expanded")).toBe("false");
  await user.click(within(editor).getByRole("button", { name: "Ajouter cette ligne" }));
  expect(document.activeElement).toBe(adder);
  await user.click(screen.getByRole("button", { name: "Garder en brouillon" }));
  await waitFor(() => expect(writes().some(({ method }) => method === "PUT")).toBe(true));
  const put = writes().find(({ method }) => method === "PUT");
  expect(JSON.parse(put?.body ?? "{}").audience).toEqual({ all: [TOOL.audience, { not: { agent: "a-9" } }] });
  expect(put?.headers.get("x-besace-csrf")).toBe("a-token-of-this-session");
  expect(put?.headers.get("if-match")).not.toBeNull();
});

test("when somebody saved meanwhile, each field is chosen, and mine starts where I wrote", async () => {
  let theirs = TOOL;
  let refused = false;
  const { user, writes } = openAdmin("/outils/t-1", {
    ...base,
    "GET admin/tools/t-1": () => theirs,
    "PUT admin/tools/t-1": ({ body }: Sent) => {
      if (refused) return { ...TOOL, ...JSON.parse(body) };
      refused = true;
      theirs = { ...TOOL, name: { fr: "Arrêtés de santé", en: "Orders" } };
      return 412;
    },
  });
  const description = await screen.findByRole("textbox", { name: "Une ligne de description" });
  await user.clear(description);
  await user.type(description, "Signer");
  await user.click(screen.getByRole("button", { name: "Garder en brouillon" }));
  const dialog = await screen.findByRole("dialog", { name: "Quelqu’un a enregistré entre-temps" });
  expect(within(dialog).getByRole<HTMLInputElement>("radio", { name: /Version enregistrée Arrêtés de santé/ }).checked).toBe(true);
  expect(within(dialog).getByRole<HTMLInputElement>("radio", { name: /Votre version Signer/ }).checked).toBe(true);
  await user.click(within(dialog).getByRole("button", { name: "Enregistrer ces choix" }));
  await waitFor(() => expect(writes().filter(({ method }) => method === "PUT")).toHaveLength(2));
  const last = JSON.parse(writes().findLast(({ method }) => method === "PUT")?.body ?? "{}");
  expect(last.name.fr).toBe("Arrêtés de santé");
  expect(last.description.fr).toBe("Signer");
});

test("a draft survives a reload, is said, and can be left", async () => {
  const first = openAdmin("/outils/t-1", base);
  const name = await screen.findByRole("textbox", { name: "Nom" });
  await first.user.type(name, " nouveaux");
  document.body.replaceChildren();
  const { user } = openAdmin("/outils/t-1", base);
  expect(await screen.findByText(/Brouillon retrouvé/)).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Nom" }).value).toBe("Arrêtés nouveaux");
  await user.click(screen.getByRole("button", { name: "Revenir à la version enregistrée" }));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Nom" }).value).toBe("Arrêtés");
});

test("publishing for everybody is confirmed with the count", async () => {
  const { user, writes } = openAdmin("/outils/t-1", {
    ...base,
    "POST admin/audience/describe": { ...MEANING, count: 400_000, here: 400_000, warnings: ["everybody"] },
    "POST admin/tools/t-1/publish": 204,
  });
  await user.click(await screen.findByRole("button", { name: /^Publier pour 400/ }));
  const dialog = await screen.findByRole("dialog", { name: "Publier pour tous les agents" });
  expect(writes().some(({ path }) => path.endsWith("/publish"))).toBe(false);
  await user.click(within(dialog).getByRole("button", { name: /^Publier pour 400/ }));
  await waitFor(() => expect(writes().find(({ path }) => path.endsWith("/publish"))?.body).toBe('{"confirmEverybody":true}'));
});

test("an incomplete tool is not sent, and the focus goes to the first field to mend", async () => {
  const { user, writes } = openAdmin("/outils/nouveau", base);
  await user.click(await screen.findByRole("button", { name: "Garder en brouillon" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Nom" })));
  expect(screen.getAllByText("À remplir pour enregistrer.").length).toBe(4);
  expect(writes().every(({ path }) => path === "admin/audience/describe")).toBe(true);
});

test("the secret is shown once and only its button closes it", async () => {
  const { user } = openAdmin("/outils/t-1", {
    ...base,
    "POST admin/tools/t-1/application": { clientId: "outil-1", secret: "s3cret" },
  });
  await user.type(await screen.findByRole("textbox", { name: "Adresses de retour après connexion" }), "https://a.exemple/retour");
  await user.click(screen.getByRole("button", { name: "Créer l’accès OpenID Connect" }));
  const dialog = await screen.findByRole("dialog", { name: "L’accès est créé" });
  expect(within(dialog).getByText("s3cret")).toBeDefined();
  expect(within(dialog).queryByRole("button", { name: "Fermer" })).toBeNull();
  await user.click(within(dialog).getByRole("button", { name: "Je l’ai copié" }));
  await waitFor(() => expect(screen.queryByText("s3cret")).toBeNull());
});

const WITH_APPLICATION = {
  ...base,
  "GET admin/tools/t-1": { ...TOOL, clientId: "outil-1" },
  "GET admin/tools/t-1/application": { clientId: "outil-1", redirectUris: ["https://a.exemple/retour"], postLogoutRedirectUris: [] },
};

test("addresses are changed without another secret", async () => {
  const { user, writes } = openAdmin("/outils/t-1", {
    ...WITH_APPLICATION,
    "PUT admin/tools/t-1/application": { clientId: "outil-1", redirectUris: [], postLogoutRedirectUris: [] },
  });
  const field = await screen.findByRole("textbox", { name: "Adresses de retour après connexion" });
  await waitFor(() => expect(field).toHaveProperty("value", "https://a.exemple/retour"));
  await user.type(field, "\nhttps://b.exemple/retour");
  await user.click(screen.getByRole("button", { name: "Enregistrer les adresses" }));
  await waitFor(() => expect(writes().some(({ path }) => path.endsWith("/application"))).toBe(true));
  const sent = writes().find(({ path }) => path.endsWith("/application"));
  expect(sent?.method).toBe("PUT");
  expect(JSON.parse(sent?.body ?? "{}").redirectUris).toEqual(["https://a.exemple/retour", "https://b.exemple/retour"]);
});

test("an access is replaced and ended only after its consequence was named", async () => {
  const { user, writes } = openAdmin("/outils/t-1", { ...WITH_APPLICATION, "DELETE admin/tools/t-1/application": 204 });
  await user.click(await screen.findByRole("button", { name: "Remplacer le secret" }));
  const renewing = await screen.findByRole("dialog", { name: "Remplacer le secret" });
  await user.click(within(renewing).getByRole("button", { name: "Annuler" }));
  await user.click(screen.getByRole("button", { name: "Retirer l’accès" }));
  const ending = await screen.findByRole("dialog", { name: "Retirer l’accès" });
  expect(writes().some(({ path }) => path.endsWith("/application"))).toBe(false);
  await user.click(within(ending).getByRole("button", { name: "Retirer l’accès" }));
  await waitFor(() => expect(writes().find(({ path }) => path.endsWith("/application"))?.method).toBe("DELETE"));
});
