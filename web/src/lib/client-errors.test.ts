import { expect, test, vi } from "vitest";

import { report, templateOf } from "./client-errors.ts";

test("a page is told by its template, never by an id", () => {
  expect(templateOf("/annuaire/0193a000-0000-7000-8000-000000000001")).toBe("/annuaire/:id");
  expect(templateOf("/administration/outils/0193")).toBe("/administration/*");
  expect(templateOf("/outils/demander")).toBe("/outils/demander");
  expect(templateOf("/claire.delmas@interieur.exemple")).toBe("/*");
});

test("five failures a page are told, not more", async () => {
  const fetched = vi.fn<(request: Request) => Promise<Response>>(async () => Response.json({ csrfToken: "t" }));
  vi.stubGlobal("fetch", fetched);
  for (let failure = 0; failure < 9; failure += 1) report("error");
  await vi.waitFor(() => {
    const told = fetched.mock.calls.filter(([request]) => request.url.endsWith("/client-errors"));
    expect(told).toHaveLength(5);
  });
});
