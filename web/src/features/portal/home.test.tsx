import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import type { Announcement, NowItem } from "../../lib/api/shapes.ts";
import { type Asked, home, open } from "../../test/app.tsx";
import { imminentAt, linesAt } from "./components/NowCard.tsx";
import { moved } from "./components/OrganiseFavourites.tsx";

const MINUTE = 60_000;
const now = home.now;

const line = (id: string, at: number | undefined, until: number): NowItem => ({
  id,
  source: "portal",
  ...(at === undefined ? {} : { at }),
  until,
  title: `Titre ${id}`,
  icon: "quill-pen-line",
  action: `Faire ${id}`,
  link: "https://outil.exemple/",
});

const news: Announcement = {
  id: "a1",
  title: "Nouveau barème",
  body: "Texte",
  severity: "important",
  organisation: { id: "o", label: "Secrétariat général" },
  publishedAt: now - 26 * 60 * MINUTE,
  mustConfirm: true,
};

/** A server that keeps what it is given. */
const keeping = (first: readonly string[]) => {
  let kept: unknown = first;
  return {
    home: () => ({ ...home, favourites: kept }),
    favourites: ({ body }: Asked) => {
      kept = (body as { tiles: unknown }).tiles;
      return { tiles: kept };
    },
  };
};

describe("Maintenant", () => {
  test("gives one line and one action to each thing, and fills the imminent one only", async () => {
    open("/", {
      home: { ...home, nowItems: [line("charte", undefined, now + 3 * 86_400_000), line("point", now + 8 * MINUTE, now + 60 * MINUTE)] },
    });
    const region = await screen.findByRole("region", { name: "Maintenant" });
    const actions = within(region).getAllByRole("link");
    expect(actions.map(({ textContent }) => textContent)).toEqual(["Faire point, Titre point", "Faire charte, Titre charte"]);
    expect(actions.map(({ className }) => className.includes("secondary"))).toEqual([false, true]);
    expect(within(region).getByText("dans 8 min")).toBeDefined();
    expect(within(region).getByText("avant vendredi")).toBeDefined();
  });

  test("fills what begins next before what has begun", () => {
    const lines = [line("salle", now - 4 * MINUTE, now + MINUTE), line("point", now + 8 * MINUTE, now + 60 * MINUTE)];
    expect(imminentAt(lines, now)?.id).toBe("point");
    expect(imminentAt(lines.slice(0, 1), now)?.id).toBe("salle");
  });

  test("says so when nothing waits", async () => {
    open("/");
    expect(await screen.findByText(/^Rien ne vous attend/)).toBeDefined();
  });

  test("drops what has ended, and nothing far away is imminent", () => {
    const lines = linesAt([line("passé", now - 90 * MINUTE, now - 1), line("demain", now + 1440 * MINUTE, now + 1500 * MINUTE)], now);
    expect(lines.map(({ id }) => id)).toEqual(["demain"]);
    expect(imminentAt(lines, now)).toBeUndefined();
  });

  test("holds three steps on the first day, each with its time", async () => {
    open("/", { home: { ...home, firstDay: true } });
    expect(await screen.findByRole("heading", { level: 1, name: "Bienvenue Claire" })).toBeDefined();
    expect(screen.getByText(/Votre besace contient 3 outils/)).toBeDefined();
    expect(screen.getByText("étape 2 · 2 min")).toBeDefined();
    expect(screen.getByRole("link", { name: "Régler mes heures" }).getAttribute("href")).toBe("/reglages");
  });
});

describe("announcements on the home page", () => {
  test("lead to the whole text and let the reading be confirmed", async () => {
    const { user, writes } = open("/", {
      home: { ...home, announcements: [news] },
      "announcements/a1/read": 204,
    });
    const region = await screen.findByRole("region", { name: "Annonces" });
    expect(within(region).getByRole("link", { name: "Nouveau barème" }).getAttribute("href")).toBe("/annonces#a1");
    expect(within(region).getByText("À lire")).toBeDefined();
    expect(within(region).getByText(/Secrétariat général · hier/)).toBeDefined();
    await user.click(within(region).getByRole("button", { name: "J’ai lu" }));
    await waitFor(() => expect(writes()).toHaveLength(1));
    expect(writes()[0]?.path).toBe("/api/v1/announcements/a1/read");
    expect(writes()[0]?.headers.get("x-besace-csrf")).toBe("a-token-of-this-session");
  });

  test("are all on their page", async () => {
    open("/annonces", { announcements: { items: [{ ...news, readAt: now }], next: null } });
    expect(await screen.findByRole("heading", { level: 2, name: "Nouveau barème" })).toBeDefined();
    expect(screen.getByText("Lecture confirmée")).toBeDefined();
  });
});

/** The home page whose first tool has these facts. */
const withTile = (facts: object) => {
  const [first, ...others] = home.categories;
  const [tile, ...tiles] = first?.tiles ?? [];
  return { ...home, categories: [{ ...first, tiles: [{ ...tile, ...facts }, ...tiles] }, ...others] };
};

describe("tools", () => {
  test("say before the click from which networks they open", async () => {
    open("/", { home: withTile({ reaches: ["rie", "vpn"] }) });
    expect((await screen.findByRole("link", { name: /Messages/ })).textContent).toContain("Depuis le RIE ou le VPN");
  });

  test("say since when they are disturbed, and what waits in them", async () => {
    open("/", { home: withTile({ state: { level: "disturbed", since: now - 17 * MINUTE }, count: 2 }) });
    const link = await screen.findByRole("link", { name: /Messages/ });
    expect(link.textContent).toMatch(/Depuis 9\u00a0h\u00a005.*Perturbé/);
    expect(link.textContent).toContain("2 en attente");
  });

  test("tell that they are opened, and the telling outlives the page", async () => {
    const { user, writes } = open("/", { "tiles/messages/opened": 204 });
    const link = await screen.findByRole("link", { name: /Messages/ });
    link.addEventListener("click", (event) => event.preventDefault());
    await user.click(link);
    await waitFor(() => expect(writes()).toHaveLength(1));
    expect(writes()[0]).toMatchObject({ path: "/api/v1/tiles/messages/opened", keepalive: true });
  });
});

describe("favourites", () => {
  const favourites = ["messages", "reunions", "main-courante"];

  test("are chosen with the star of each tool, and taken back", async () => {
    const { user, writes } = open("/outils", keeping([]));
    const star = await screen.findByRole("button", { name: "Favori\u00a0: Réunions" });
    expect(star.getAttribute("aria-pressed")).toBe("false");
    await user.click(star);
    await waitFor(() => expect(star.getAttribute("aria-pressed")).toBe("true"));
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: ["reunions"] }));
    await user.click(screen.getByRole("button", { name: "Annuler" }));
    await waitFor(() => expect(star.getAttribute("aria-pressed")).toBe("false"));
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: [] }));
  });

  test("that cannot be kept go back to what they were, and it is said", async () => {
    const { user } = open("/outils", { favourites: 500 });
    await user.click(await screen.findByRole("button", { name: "Favori\u00a0: Réunions" }));
    expect(await screen.findByText(/n’ont pas pu être enregistrés/)).toBeDefined();
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Favori\u00a0: Réunions" }).getAttribute("aria-pressed")).toBe("false"),
    );
  });

  test("are put in order with buttons, which say the new place", async () => {
    const { user, writes } = open("/", keeping(favourites));
    await user.click(await screen.findByRole("button", { name: "Organiser les favoris" }));
    await user.click(await screen.findByRole("button", { name: "Descendre Messages" }));
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: ["reunions", "messages", "main-courante"] }));
    expect(screen.getByText("Messages est en position 2 sur 3")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Mettre Main courante en premier" }));
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: ["main-courante", "reunions", "messages"] }));
  });

  test("are put in order with Alt and the arrows", async () => {
    const { user, writes } = open("/", keeping(favourites));
    await user.click(await screen.findByRole("button", { name: "Organiser les favoris" }));
    (await screen.findByRole("button", { name: "Retirer Réunions des favoris" })).focus();
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: ["reunions", "messages", "main-courante"] }));
  });

  test("that are removed leave the focus on their neighbour and can be taken back", async () => {
    const { user, writes } = open("/", keeping(favourites));
    await user.click(await screen.findByRole("button", { name: "Organiser les favoris" }));
    await user.click(await screen.findByRole("button", { name: "Retirer Messages des favoris" }));
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: ["reunions", "main-courante"] }));
    expect(document.activeElement?.closest("li")?.textContent).toContain("Réunions");
    await user.click(screen.getByRole("button", { name: "Annuler" }));
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: favourites }));
  });

  test("chosen while an answer from before is on its way are not lost to it", async () => {
    let kept: unknown = [];
    const waiting: (() => void)[] = [];
    // The second answer of the home page was made before the second star, and comes after it.
    const { user, writes, client } = open("/outils", {
      home: () => ({ ...home, favourites: [] }),
      favourites: ({ body }: Asked) => {
        kept = (body as { tiles: unknown }).tiles;
        return new Promise<object>((done) => waiting.push(() => done({ tiles: kept })));
      },
    });
    await user.click(await screen.findByRole("button", { name: "Favori\u00a0: Messages" }));
    await client.invalidateQueries({ queryKey: ["home"] });
    await user.click(screen.getByRole("button", { name: "Favori\u00a0: Réunions" }));
    waiting.shift()?.();
    await waitFor(() => expect(writes().at(-1)?.body).toEqual({ tiles: ["messages", "reunions"] }));
    waiting.shift()?.();
  });

  test("move within the list only", () => {
    expect(moved(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"]);
    expect(moved(["a", "b", "c"], "a", 9)).toEqual(["b", "c", "a"]);
  });
});

describe("asking for a tool", () => {
  const empty = { requests: { items: [] } };

  test("keeps its draft over a reload, for this agent", async () => {
    const first = open("/outils/demander", empty);
    await first.user.type(await screen.findByRole("textbox", { name: /^Nom de l’outil/ }), "Cartes");
    first.unmount();
    open("/outils/demander", empty);
    expect(((await screen.findByRole("textbox", { name: /^Nom de l’outil/ })) as HTMLInputElement).value).toBe("Cartes");
    expect(Object.keys(localStorage).some((key) => key.includes("0193a000-0000-7000-8000-000000000001"))).toBe(true);
  });

  test("says what is missing and goes there", async () => {
    const { user, writes } = open("/outils/demander", empty);
    await user.type(await screen.findByRole("textbox", { name: /^Nom de l’outil/ }), "Cartes");
    await user.click(screen.getByRole("button", { name: "Envoyer la demande" }));
    expect(screen.getByText(/Écrivez une adresse complète/)).toBeDefined();
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: /^Adresse/ }));
    expect(writes()).toHaveLength(0);
  });

  test("is sent, then forgotten, and shows among the reader's requests", async () => {
    const { user, writes, answers } = open("/outils/demander", empty);
    answers["requests"] = ({ method }: { method: string }) =>
      method === "POST" ? {} : { items: [{ id: "r", kind: "tool", name: "Cartes", state: "refused", reason: "Existe déjà", at: now }] };
    await user.type(await screen.findByRole("textbox", { name: /^Nom de l’outil/ }), "Cartes");
    await user.type(screen.getByRole("textbox", { name: /^Adresse/ }), "https://cartes.exemple/");
    await user.type(screen.getByRole("textbox", { name: /^À quoi/ }), "Voir les zones");
    await user.click(screen.getByRole("button", { name: "Envoyer la demande" }));
    expect(await screen.findByText("Demande envoyée")).toBeDefined();
    expect(writes()[0]?.body).toEqual({ name: "Cartes", url: "https://cartes.exemple/", purpose: "Voir les zones" });
    expect(await screen.findByText("Refusée")).toBeDefined();
    expect(screen.getByText("Existe déjà")).toBeDefined();
    expect(Object.keys(localStorage).filter((key) => key.startsWith("besace-draft"))).toEqual([]);
  });
});
