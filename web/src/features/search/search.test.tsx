import { screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";

import { navigation } from "../../lib/navigation.ts";
import { home, open } from "../../test/app.tsx";
import { linesOf } from "./api/search.ts";

const ndjson = (...lines: object[]) => new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
const tools = {
  source: "tools",
  title: "Outils",
  state: "complete",
  hits: [{ id: "t1", title: "Frais de mission", detail: "Ordres et remboursements", icon: "train-line", link: "https://frais.exemple/" }],
  milliseconds: 3,
};
const people = {
  source: "people",
  title: "Personnes",
  state: "complete",
  hits: [{ id: "p1", title: "Paul Vernier", detail: "Chef de la mission", link: "/annuaire/p1" }],
  milliseconds: 9,
};

async function palette(search: () => object | number) {
  const opened = open("/", { home: { ...home, recents: ["messages"] }, search });
  await screen.findByRole("heading", { level: 1, name: /Bonjour/ });
  await opened.user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: /Un outil/ });
  return { ...opened, field };
}

const chosen = () => screen.getByRole("option", { selected: true }).textContent;

test("results stand by source, with what was typed underlined", async () => {
  const { user, field } = await palette(() => ndjson(tools, people, { end: true }));
  await user.type(field, "MISSION");
  const group = await screen.findByRole("group", { name: "Outils" });
  expect(within(group).getByRole("option").querySelector("mark")?.textContent).toBe("mission");
  expect(await screen.findByRole("group", { name: "Personnes" })).toBeDefined();
  expect(await screen.findByText("2 résultats")).toBeDefined();
  expect(field.getAttribute("aria-expanded")).toBe("true");
});

test("the arrows choose, the field names the chosen line, and Enter opens it", async () => {
  const { user, field } = await palette(() => ndjson(tools, people, { end: true }));
  await user.type(field, "mission");
  await screen.findByRole("group", { name: "Personnes" });
  expect(chosen()).toContain("Frais de mission");
  await user.keyboard("{ArrowDown}");
  expect(chosen()).toContain("Paul Vernier");
  expect(field.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { selected: true }).id);
  expect(document.activeElement).toBe(field);
  await user.keyboard("{Enter}");
  expect(location.pathname).toBe("/annuaire/p1");
  expect(screen.queryByRole("combobox", { name: /Un outil/ })).toBeNull();
});

test("a tool opens at its own address", async () => {
  const go = vi.spyOn(navigation, "go").mockImplementation(() => undefined);
  const { user, field } = await palette(() => ndjson(tools, { end: true }));
  await user.type(field, "mission");
  await screen.findByRole("group", { name: "Outils" });
  await user.keyboard("{Enter}");
  expect(go).toHaveBeenCalledWith("https://frais.exemple/");
});

test("a source that is late or failed is said plainly, beside complete results", async () => {
  const { user, field } = await palette(() => ndjson(tools, { ...people, state: "late", hits: [] }, { end: true }));
  await user.type(field, "mission");
  expect(await screen.findByText("Personnes : source indisponible.")).toBeDefined();
  expect(screen.getByText(/n’a pas répondu à temps/)).toBeDefined();
  expect(screen.getByRole("option", { name: /Frais de mission/ })).toBeDefined();
});

test("a search that does not answer says so, tries again, and keeps the commands", async () => {
  let works = false;
  const { user, field } = await palette(() => (works ? ndjson(tools, { end: true }) : 503));
  await user.type(field, "annuaire");
  expect(await screen.findByText("La recherche ne répond pas.")).toBeDefined();
  expect(screen.getByRole("option", { name: /Annuaire/ })).toBeDefined();
  works = true;
  await user.click(screen.getByRole("button", { name: "Réessayer" }));
  expect(await screen.findByRole("option", { name: /Frais de mission/ })).toBeDefined();
});

test("an answer cut before its end is not taken for a whole one", async () => {
  const { user, field } = await palette(() => ndjson(tools));
  await user.type(field, "mission");
  expect(await screen.findByText("La recherche ne répond pas.")).toBeDefined();
  expect(screen.getByRole("option", { name: /Frais de mission/ })).toBeDefined();
});

test("only what was still typed after a pause is asked, and an empty field shows the recent tools", async () => {
  const { user, field, requests } = await palette(() => ndjson({ end: true }));
  expect(screen.getByRole("group", { name: "Ouverts récemment" })).toBeDefined();
  await user.type(field, "zzz");
  expect(await screen.findByText("Rien ne correspond à « zzz »")).toBeDefined();
  expect(requests.filter(({ path }) => path === "/api/v1/search").map(({ query }) => query)).toEqual(["?q=zzz"]);
});

test("commands act: the theme changes on the spot", async () => {
  const { user, field } = await palette(() => ndjson({ end: true }));
  await user.type(field, "sombre");
  await user.click(await screen.findByRole("option", { name: /Passer au thème sombre/ }));
  expect(document.documentElement.getAttribute("data-fr-theme")).toBe("dark");
});

describe("a stream of lines", () => {
  test("gives each line once it is whole, wherever the pieces are cut", async () => {
    const bytes = new TextEncoder().encode('{"é":1}\n\n{"b":2}');
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    });
    const lines: string[] = [];
    for await (const line of linesOf(body)) lines.push(line);
    expect(lines).toEqual(['{"é":1}', '{"b":2}']);
  });
});
