import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { followSystemTheme } from "../lib/preferences/theme.ts";
import { open, site } from "../test/app.tsx";
import { prefersDark } from "../test/setup.ts";

const root = document.documentElement;

test("the language changes on the spot, is kept, and the tools are asked again", async () => {
  const { user, asked } = open("/");
  await screen.findByRole("heading", { name: "Bonjour Claire" });
  const before = asked.filter((path) => path === "/api/v1/home").length;
  const [english] = screen.getAllByRole("button", { name: "EN, English" });
  if (english === undefined) throw new Error("no button for English");
  await user.click(english);
  expect(await screen.findByRole("heading", { name: "Hello Claire" })).toBeDefined();
  expect(root.lang).toBe("en");
  expect(document.cookie).toContain("besace-lang=en");
  expect(english.getAttribute("aria-pressed")).toBe("true");
  await vi.waitFor(() =>
    expect(asked.filter((path) => path === "/api/v1/home").length).toBe(before + 1),
  );
});

test("the theme changes on the spot, is kept, and the focus goes back to the opener", async () => {
  const { user } = open("/");
  const [opener] = await screen.findAllByRole("button", { name: "Paramètres d’affichage" });
  if (opener === undefined) throw new Error("no display settings");
  await user.click(opener);
  await user.click(screen.getByRole("radio", { name: "Sombre" }));
  expect(root.getAttribute("data-fr-theme")).toBe("dark");
  expect(document.cookie).toContain("besace-theme=dark");
  await user.click(screen.getByRole("button", { name: "Fermer" }));
  expect(document.activeElement).toBe(opener);
});

test("without a choice the theme is the machine's", () => {
  prefersDark(true);
  followSystemTheme();
  expect(root.getAttribute("data-fr-theme")).toBe("dark");
  prefersDark(false);
  followSystemTheme();
  expect(root.getAttribute("data-fr-theme")).toBe("light");
});

test("the State's look is put on the page when the instance says so", async () => {
  open("/", { site: { ...site, theme: "state" } });
  await vi.waitFor(() => expect(root.getAttribute("data-besace-look")).toBe("state"));
});

test("a change of page names the tab and moves the focus to the title", async () => {
  const { user } = open("/");
  await screen.findByRole("heading", { name: "Bonjour Claire" });
  expect(document.title).toBe("Accueil – Besace");
  await user.click(screen.getByRole("link", { name: "Tous les outils" }));
  const title = await screen.findByRole("heading", { level: 1, name: "Tous les outils" });
  expect(document.activeElement).toBe(title);
  expect(document.title).toBe("Tous les outils – Besace");
});

test("an address that is none of ours says so and leads home", async () => {
  open("/nulle-part");
  expect(await screen.findByRole("heading", { level: 1, name: "Cette page n’existe pas" })).toBeDefined();
  expect(screen.getByRole("link", { name: "Revenir à l’accueil" }).getAttribute("href")).toBe("/");
});

test("a lost network is said, and no longer once it is back", async () => {
  open("/");
  const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  act(() => void dispatchEvent(new Event("offline")));
  expect(await screen.findByText(/hors connexion/)).toBeDefined();
  online.mockReturnValue(true);
  act(() => void dispatchEvent(new Event("online")));
  expect(screen.queryByText(/hors connexion/)).toBeNull();
});

test("the legal pages are the server's own, and the state of conformity is said", async () => {
  open("/");
  const link = await screen.findByRole("link", { name: "Accessibilité\u00a0: non conforme" });
  expect(link.getAttribute("href")).toBe("/accessibilite");
});
