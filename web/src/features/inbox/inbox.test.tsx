import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Notice } from "../../lib/api/shapes.ts";
import { type Asked, open } from "../../test/app.tsx";

const notice = (id: string, more: Partial<Notice> = {}): Notice => ({
  id,
  source: "conges",
  sourceName: "Congés",
  kind: "conges.leave.asked",
  urgency: "normal",
  title: `Avis ${id}`,
  at: Date.now() - 60_000,
  ...more,
});

const list = (...items: Notice[]) => ({ items, unread: items.filter(({ readAt }) => !readAt).length });

test("a notice is marked read and unread, at once", async () => {
  const { user, writes } = open("/notifications", { inbox: list(notice("un")), "inbox/un/read": 204 });
  await user.click(await screen.findByRole("button", { name: "Marquer comme lue\u00a0: Avis un" }));
  await waitFor(() => expect(writes()[0]?.path).toBe("/api/v1/inbox/un/read"));
});

test("a refused mark goes back, and it is said", async () => {
  const { user } = open("/notifications", { inbox: list(notice("un")), "inbox/un/read": 500 });
  await user.click(await screen.findByRole("button", { name: "Marquer comme lue\u00a0: Avis un" }));
  expect(await screen.findByText(/n’a pas pu être enregistré/)).toBeDefined();
  expect(await screen.findByRole("button", { name: "Marquer comme lue\u00a0: Avis un" })).toBeDefined();
});

test("everything is marked read, and taken back", async () => {
  const { user, writes } = open("/notifications", {
    inbox: list(notice("un"), notice("deux")),
    "inbox/read-all": { read: 2, undo: "jeton" },
    "inbox/undo": 204,
  });
  await user.click(await screen.findByRole("button", { name: "Tout marquer comme lu" }));
  await screen.findByText("2 notifications marquées comme lues");
  await user.click(screen.getByRole("button", { name: "Annuler" }));
  await waitFor(() => expect(writes().at(-1)).toMatchObject({ path: "/api/v1/inbox/undo", body: { token: "jeton" } }));
});

test("an action leads where it says, and reads the notice", async () => {
  const { user, writes } = open("/notifications", {
    inbox: list(notice("un", { action: "Répondre", link: "/annonces" })),
    announcements: { items: [] },
    "inbox/un/read": 204,
  });
  await user.click(await screen.findByRole("link", { name: /^Répondre/ }));
  expect(await screen.findByRole("heading", { level: 1, name: "Annonces" })).toBeDefined();
  expect(writes()[0]?.path).toBe("/api/v1/inbox/un/read");
});

test("only the unread are shown on demand, and none says so", async () => {
  const { user, requests } = open("/notifications", {
    inbox: ({ query }: Asked) => (query.includes("unread=true") ? list() : list(notice("lu", { readAt: 1 }))),
  });
  await screen.findByText("Avis lu");
  await user.click(screen.getByRole("button", { name: /^Non lues/ }));
  expect(await screen.findByRole("heading", { name: "Tout est lu" })).toBeDefined();
  expect(requests.some(({ query }) => query === "?unread=true")).toBe(true);
});
