import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { openAdmin } from "../testing.tsx";

const TRIAL = {
  id: "i-1",
  state: "ready",
  total: 5000,
  ready: 4987,
  created: 121,
  updated: 54,
  absent: 42,
  unchanged: 4812,
  faulty: [
    { line: 214, column: "Adresse", value: "j.morel@courriel.exemple", problem: "domain", message: "Domaine non prouvé", mend: "Une adresse du ministère" },
    { line: 1840, column: "Nom", value: "", problem: "empty", message: "Nom obligatoire", mend: "Compléter le nom" },
  ],
  faultyTotal: 13,
  encoding: "utf-8",
  separator: ";",
  columns: ["Nom", "Adresse"],
  expiresAt: 0,
};

test("a file is sent as it is, and its dry run is shown", async () => {
  const { user, writes } = openAdmin("/agents/import", { "POST admin/imports": TRIAL, "GET admin/imports/i-1": TRIAL });
  await user.upload(await screen.findByLabelText(/Choisir un fichier CSV/), new File(["nom;adresse"], "agents.csv", { type: "text/csv" }));
  expect(await screen.findByText("Essai à blanc, rien n’est écrit")).toBeDefined();
  expect(location.pathname).toBe("/administration/agents/import/i-1");
  const [post] = writes();
  expect(post?.headers.get("content-type")).toBe("text/csv");
});

test("a file too big is not sent", async () => {
  const { user, writes } = openAdmin("/agents/import", {});
  const file = new File([new Uint8Array(5 * 1024 * 1024 + 1)], "agents.csv", { type: "text/csv" });
  await user.upload(await screen.findByLabelText(/Choisir un fichier CSV/), file);
  expect(await screen.findByText(/dépasse 5 Mo/)).toBeDefined();
  expect(writes()).toEqual([]);
});

test("the dry run says the faults with their mend, and the button the count", async () => {
  const { user, writes } = openAdmin("/agents/import/i-1", {
    "GET admin/imports/i-1": TRIAL,
    "POST admin/imports/i-1/apply": { ...TRIAL, state: "running" },
  });
  const table = await screen.findByRole("table", { name: "Lignes en faute, dans l’ordre du fichier" });
  const row = within(table).getByRole("row", { name: /214/ });
  expect(within(row).getAllByRole("cell").map(({ textContent }) => textContent)).toEqual([
    "Adresse",
    "j.morel@courriel.exemple",
    "Domaine non prouvé",
    "Une adresse du ministère",
  ]);
  expect(within(table).getByText("(vide)")).toBeDefined();
  expect(screen.getByText("2 lignes montrées sur 13")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Importer 4\u202f987 agents" }));
  expect(writes().map(({ path }) => path)).toEqual(["admin/imports/i-1/apply"]);
});

test("a running import says how far it is", async () => {
  openAdmin("/agents/import/i-1", { "GET admin/imports/i-1": { ...TRIAL, state: "running", done: 1500 } });
  const bar = await screen.findByRole<HTMLProgressElement>("progressbar", { name: "1\u202f500 lignes sur 4\u202f987" });
  expect(bar.value).toBe(1500);
});

test("an import that ended says what it did; one that stopped says what is kept", async () => {
  openAdmin("/agents/import/i-1", { "GET admin/imports/i-1": { ...TRIAL, state: "done", done: 4987 } });
  expect(await screen.findByText(/121 fiches créées, 54 mises à jour/)).toBeDefined();
  document.body.replaceChildren();
  openAdmin("/agents/import/i-1", { "GET admin/imports/i-1": { ...TRIAL, state: "failed", done: 500 } });
  expect(await screen.findByText(/Les lignes déjà écrites le restent/)).toBeDefined();
});
