import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { type Asked, open } from "../../test/app.tsx";

const paul = {
  id: "p1",
  givenName: "Paul",
  usualName: "Vernier",
  displayName: "Paul Vernier",
  initials: "PV",
  email: "paul.vernier@interieur.exemple",
  organisation: { id: "o1", label: "Ministère de l’Intérieur" },
  unit: "Mission retour d’expérience",
  phone: "01 99 00 12 00",
};
const organisations = { items: [{ id: "o1", label: "Ministère de l’Intérieur" }, { id: "o2", label: "Agriculture" }] };

test("a search finds people, and stands in the address", async () => {
  const { user, requests } = open("/annuaire", {
    organisations,
    people: ({ query }: Asked) => ({ items: query.includes("q=paul") ? [paul] : [] }),
  });
  await user.type(await screen.findByRole("searchbox"), "paul");
  const link = await screen.findByRole("link", { name: /Paul Vernier/ });
  expect(link.getAttribute("href")).toBe("/annuaire/p1");
  expect(link.textContent).toContain("Mission retour d’expérience · Ministère de l’Intérieur");
  expect(location.search).toBe("?q=paul");
  expect(requests.filter(({ path }) => path === "/api/v1/people").map(({ query }) => query)).toEqual(["?q=", "?q=paul"]);
});

test("an administration narrows the search, and everywhere is one click away when nobody is found", async () => {
  const { user } = open("/annuaire?q=paul", {
    organisations,
    people: ({ query }: Asked) => ({ items: query.includes("organisation=o2") ? [] : [paul] }),
  });
  await screen.findByRole("link", { name: /Paul Vernier/ });
  await user.selectOptions(screen.getByRole("combobox", { name: "Administration" }), "Agriculture");
  await user.click(await screen.findByRole("button", { name: "Chercher dans toutes les administrations" }));
  expect(await screen.findByRole("link", { name: /Paul Vernier/ })).toBeDefined();
});

test("a person's card says how to reach them, and copies it", async () => {
  const { user } = open("/annuaire/p1", { "people/p1": paul });
  expect(await screen.findByRole("heading", { level: 1, name: "Paul Vernier" })).toBeDefined();
  const write = vi.spyOn(navigator.clipboard, "writeText");
  await user.click(screen.getByRole("button", { name: "Copier l’adresse électronique" }));
  expect(write).toHaveBeenCalledWith("paul.vernier@interieur.exemple");
  expect(await screen.findByText("Adresse électronique copiée")).toBeDefined();
  expect(screen.getByRole("link", { name: "01 99 00 12 00" }).getAttribute("href")).toBe("tel:0199001200");
});

test("somebody who is not in the directory is said so", async () => {
  open("/annuaire/nobody");
  expect(await screen.findByRole("heading", { level: 1, name: "Cette personne n’est pas dans l’annuaire" })).toBeDefined();
});
