import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import { home, open } from "../../test/app.tsx";

describe("the home page", () => {
  test("greets the agent by name, with their own date and time", async () => {
    open("/");
    expect(await screen.findByRole("heading", { level: 1, name: "Bonjour Claire" })).toBeDefined();
    expect(screen.getByText("mardi 24 novembre, 9 h 22")).toBeDefined();
  });

  test("shows each tool in its category, as a link to its own address", async () => {
    open("/");
    const crises = await screen.findByRole("region", { name: "Gestion des crises" });
    const link = within(crises).getByRole("link", { name: /Main courante/ });
    expect(link.getAttribute("href")).toBe("https://main-courante.exemple/");
    expect(screen.getByRole("link", { name: "Voir les 3\u00a0outils" }).getAttribute("href")).toBe("/outils");
  });

  test("says whom to ask when no tool is meant for the reader", async () => {
    open("/", { home: { ...home, categories: [] } });
    expect(await screen.findByText("Aucun outil pour vous à cette heure")).toBeDefined();
    expect((await screen.findByRole("link", { name: "01 99 00 12 34" })).getAttribute("href")).toBe("tel:0199001234");
    expect(screen.queryByText("Vos outils")).toBeNull();
  });

  test("says what happened, with the request number, and tries again", async () => {
    const { user, answers } = open("/", { home: 500 });
    expect((await screen.findByRole("alert")).textContent).toContain("0193-7c51-e0b4");
    answers["home"] = home;
    await user.click(screen.getByRole("button", { name: "Réessayer" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Bonjour Claire" })).toBeDefined();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("all the tools", () => {
  test("the filter ignores accents and case, and says the count", async () => {
    const { user } = open("/outils");
    const field = await screen.findByRole("searchbox", { name: "Filtrer les outils" });
    const status = () => field.closest("[role=search]")?.querySelector("[role=status]")?.textContent;
    expect(status()).toBe("3\u00a0outils");
    await user.type(field, "EVENEMENTS");
    expect(screen.getByRole("link", { name: /Main courante/ })).toBeDefined();
    expect(screen.queryByRole("link", { name: /Messages/ })).toBeNull();
    expect(status()).toBe("1\u00a0outil sur 3");
  });

  test("a filter that finds nothing says so and can be undone", async () => {
    const { user } = open("/outils");
    await user.type(await screen.findByRole("searchbox"), "zzz");
    expect(screen.getByText("Aucun outil ne correspond à « zzz »")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Afficher tous les outils" }));
    expect(screen.getByRole("link", { name: /Messages/ })).toBeDefined();
  });
});
