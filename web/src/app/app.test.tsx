import { QueryObserver } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { chooseSingleKeys } from "../lib/preferences/shortcuts.ts";
import { followSystemTheme } from "../lib/preferences/theme.ts";
import { makeQueryClient } from "../lib/query.ts";
import { home, open, session, site } from "../test/app.tsx";
import { prefersDark } from "../test/setup.ts";
import { refresh } from "./useLive.ts";

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
  await waitFor(() =>
    expect(asked.filter((path) => path === "/api/v1/home").length).toBe(before + 1),
  );
});

test("the theme changes on the spot, is kept, and the focus goes back to the opener", async () => {
  const { user } = open("/");
  const [opener] = await screen.findAllByRole("button", { name: "Paramètres d’affichage" });
  if (opener === undefined) throw new Error("no display settings");
  await user.click(opener);
  await user.click(await screen.findByRole("radio", { name: "Sombre" }));
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
  await waitFor(() => expect(root.getAttribute("data-besace-look")).toBe("state"));
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

test("a lost network is said with its hour, and no longer once it is back", async () => {
  open("/");
  const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  act(() => void dispatchEvent(new Event("offline")));
  expect(await screen.findByText(/^Hors ligne depuis/)).toBeDefined();
  online.mockReturnValue(true);
  act(() => void dispatchEvent(new Event("online")));
  expect(screen.queryByText(/^Hors ligne/)).toBeNull();
});

test("what is read from the copy says from when it is", async () => {
  const taken = Date.UTC(2026, 10, 24, 8, 30);
  const { answers, user } = open("/", {
    home: () => Response.json(home, { headers: { "x-besace-copy": String(taken) } }),
  });
  expect(await screen.findByText(/Vous lisez la copie de 9 h 30/)).toBeDefined();
  answers["home"] = home;
  await user.click(screen.getByRole("button", { name: "Réessayer" }));
  await waitFor(() => expect(screen.queryByText(/la copie de/)).toBeNull());
});

test("Ctrl+K and the slash open the search, and the focus comes back", async () => {
  const { user } = open("/");
  const opener = await screen.findByRole("button", { name: /^Rechercher un outil/ });
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: /Un outil/ });
  await user.click(screen.getByRole("button", { name: "Échap" }));
  expect(field.isConnected).toBe(false);
  expect(document.activeElement).toBe(opener);
  await user.keyboard("/");
  expect(await screen.findByRole("combobox")).toBeDefined();
});

test("the slash does nothing for whoever switched single keys off, nor in a field", async () => {
  const { user } = open("/outils");
  await user.type(await screen.findByRole("searchbox"), "a/");
  expect(screen.queryByRole("combobox")).toBeNull();
  chooseSingleKeys(false);
  (document.activeElement as HTMLElement).blur();
  await user.keyboard("/");
  expect(screen.queryByRole("combobox")).toBeNull();
});

test("the question mark lists the keys of the page, and the focus comes back", async () => {
  const { user } = open("/outils");
  const field = await screen.findByRole("searchbox");
  await user.type(field, "?");
  expect(screen.queryByRole("dialog", { name: "Raccourcis du clavier" })).toBeNull();
  const opener = screen.getByRole("button", { name: /^Rechercher un outil/ });
  opener.focus();
  await user.keyboard("?");
  const list = await screen.findByRole("dialog", { name: "Raccourcis du clavier" });
  const keys = within(list).getByText("Rechercher, ou lancer une commande").nextElementSibling;
  expect(keys?.textContent).toBe("Ctrl + K ou /");
  expect(within(list).queryByText("Déplacer un favori")).toBeNull();
  await user.click(within(list).getByRole("button", { name: "Fermer" }));
  expect(document.activeElement).toBe(opener);
});

test("the list of keys is a command of the search too, and names none that is switched off", async () => {
  chooseSingleKeys(false);
  const { user } = open("/");
  await screen.findByRole("heading", { name: "Bonjour Claire" });
  await user.keyboard("?");
  expect(screen.queryByRole("dialog", { name: "Raccourcis du clavier" })).toBeNull();
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: /Un outil/ }), "raccourcis{Enter}");
  const list = await screen.findByRole("dialog", { name: "Raccourcis du clavier" });
  expect(within(list).getByText(/Vous avez coupé/)).toBeDefined();
  expect(within(list).queryByText("Montrer cette liste")).toBeNull();
  expect(within(list).getByText("Déplacer un favori")).toBeDefined();
});

test("the bell says how many notices are unread", async () => {
  open("/", { inbox: { items: [], unread: 4 } });
  const bell = await screen.findByRole("link", { name: "Notifications, 4\u00a0non lues" });
  expect(bell.getAttribute("href")).toBe("/notifications");
});

test("administration is in the rail of whoever administers something, and absent otherwise", async () => {
  const grants = [{ role: "administrator", organisation: session.agent.organisation, subtree: true }];
  const first = open("/", { session: { ...session, grants } });
  expect((await screen.findByRole("link", { name: /^Admin/ })).getAttribute("href")).toBe("/administration");
  first.unmount();
  open("/");
  await screen.findByRole("heading", { name: "Bonjour Claire" });
  expect(screen.queryByRole("link", { name: /^Admin/ })).toBeNull();
});

test("a hint asks again for what it is about, and for nothing else", async () => {
  const client = makeQueryClient();
  const asked: string[] = [];
  for (const key of ["home", "inbox", "people"]) {
    client.setQueryData([key], 1);
    const observer = new QueryObserver(client, { queryKey: [key], staleTime: Infinity, queryFn: () => asked.push(key) });
    observer.subscribe(() => undefined);
  }
  refresh(client, "inbox");
  await waitFor(() => expect(asked.sort()).toEqual(["home", "inbox"]));
});

test("the legal pages are the server's own, and the state of conformity is said", async () => {
  open("/");
  const link = await screen.findByRole("link", { name: "Accessibilité\u00a0: non conforme" });
  expect(link.getAttribute("href")).toBe("/accessibilite");
});
