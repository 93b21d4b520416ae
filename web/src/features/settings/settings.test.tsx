import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import type { Settings } from "../../lib/api/shapes.ts";
import { type Asked, open } from "../../test/app.tsx";
import { silentParts, tomorrowAtSeven } from "./api/settings.ts";

const night = { from: "20:00", to: "07:00" };
const settings: Settings = {
  zone: "Europe/Paris",
  quietHours: { days: [night, night, night, night, night, { allDay: true }, { allDay: true }] },
  allowUrgent: false,
  digest: "daily",
  digestAt: "08:00",
  mutedSources: [],
};

/** A server that keeps the settings and their version. */
function server() {
  let kept = settings;
  let version = 1;
  const answer = () => Response.json(kept, { headers: { etag: `"${version}"` } });
  return {
    change: (change: Partial<Settings>) => {
      kept = { ...kept, ...change };
      version += 1;
    },
    kept: () => kept,
    settings: ({ method, headers, body }: Asked) => {
      if (method === "GET") return answer();
      if (headers.get("if-match") !== `"${version}"`) return 412;
      kept = body as Settings;
      version += 1;
      return answer();
    },
  };
}

test("a switch applies at once, and the page says when", async () => {
  const { kept, settings: answer } = server();
  const { user } = open("/reglages", { settings: answer });
  const urgent = await screen.findByRole("switch", { name: /^Laisser passer/ });
  await user.click(urgent);
  expect((urgent as HTMLInputElement).checked).toBe(true);
  await waitFor(() => expect(kept().allowUrgent).toBe(true));
  expect(await screen.findByText(/Dernier changement enregistré à/)).toBeDefined();
});

test("a change upon an older version keeps both changes, and says so", async () => {
  const { kept, change, settings: answer } = server();
  const { user } = open("/reglages", { settings: answer });
  await screen.findByRole("switch", { name: /^Laisser passer/ });
  change({ digest: "none" });
  await user.click(screen.getByRole("switch", { name: /^Laisser passer/ }));
  expect(await screen.findByText(/avaient changé sur un autre appareil/)).toBeDefined();
  expect(kept()).toMatchObject({ allowUrgent: true, digest: "none" });
});

test("a setting that cannot be kept goes back to the former one", async () => {
  const { settings: answer } = server();
  const { user } = open("/reglages", { settings: (asked: Asked) => (asked.method === "PUT" ? 500 : answer(asked)) });
  await user.click(await screen.findByRole("switch", { name: /^Laisser passer/ }));
  expect(await screen.findByText(/Celui d’avant reste en place/)).toBeDefined();
  await waitFor(() => expect((screen.getByRole("switch", { name: /^Laisser passer/ }) as HTMLInputElement).checked).toBe(false));
});

test("the week says its silences, and is changed with the keyboard alone", async () => {
  const { kept, settings: answer } = server();
  const { user } = open("/reglages", { settings: answer });
  expect((await screen.findAllByText("20 h à 7 h")).length).toBe(5);
  await user.click(screen.getByRole("button", { name: "Modifier les heures" }));
  await user.selectOptions(screen.getByRole("combobox", { name: "Mercredi, silence" }), "Toute la journée");
  await waitFor(() => expect(kept().quietHours.days[2]).toEqual({ allDay: true }));
  const from = screen.getByLabelText("Lundi, début du silence");
  await user.clear(from);
  await user.type(from, "18:30{Enter}");
  await waitFor(() => expect(kept().quietHours.days[0]).toEqual({ from: "18:30", to: "07:00" }));
  await user.click(screen.getByRole("button", { name: "Mêmes heures du lundi au vendredi" }));
  await waitFor(() => expect(kept().quietHours.days[4]).toEqual({ from: "18:30", to: "07:00" }));
  expect(kept().quietHours.days[5]).toEqual({ allDay: true });
});

test("everything is muted until tomorrow, and restored", async () => {
  const { kept, settings: answer } = server();
  const { user } = open("/reglages", { settings: answer });
  await user.click(await screen.findByRole("button", { name: "Couper jusqu’à demain 7\u00a0h" }));
  await waitFor(() => expect(kept().muteUntil).toBeGreaterThan(Date.now()));
  await user.click(await screen.findByRole("button", { name: "Rétablir maintenant" }));
  await waitFor(() => expect(kept().muteUntil).toBeNull());
});

test("who tells something is muted and heard again, also when the inbox holds nothing of it any more", async () => {
  const { kept, change, settings: answer } = server();
  change({ mutedSources: ["ancien-outil"] });
  const { user } = open("/reglages", {
    settings: answer,
    "inbox/sources": { items: [{ source: "frais-de-mission", sourceName: "Frais de mission" }] },
  });
  const heard = await screen.findByRole<HTMLInputElement>("switch", { name: /^Frais de mission/ });
  expect(heard.checked).toBe(true);
  await user.click(heard);
  await waitFor(() => expect(kept().mutedSources).toEqual(["ancien-outil", "frais-de-mission"]));
  const former = screen.getByRole<HTMLInputElement>("switch", { name: /^ancien-outil/ });
  expect(former.checked).toBe(false);
  await user.click(former);
  await waitFor(() => expect(kept().mutedSources).toEqual(["frais-de-mission"]));
  expect(screen.getByText("En sourdine")).toBeDefined();
});

test("theme and language are chosen here too", async () => {
  const { user } = open("/reglages", { settings: server().settings });
  await user.click(await screen.findByRole("radio", { name: "Sombre" }));
  expect(document.documentElement.getAttribute("data-fr-theme")).toBe("dark");
  await user.selectOptions(screen.getByRole("combobox", { name: "Langue" }), "English");
  expect(await screen.findByRole("heading", { level: 1, name: "Settings" })).toBeDefined();
});

describe("silences", () => {
  test("over midnight are the two ends of the day", () => {
    expect(silentParts({ from: "18:00", to: "06:00" }, null)).toEqual([{ from: 0, to: 0.25 }, { from: 0.75, to: 1 }]);
    expect(silentParts({ from: "06:00", to: "12:00" }, null)).toEqual([{ from: 0.25, to: 0.5 }]);
    expect(silentParts(null, null)).toEqual([]);
  });

  test("of a night go on in the morning of a day that has none of its own", () => {
    expect(silentParts(null, { from: "18:00", to: "06:00" })).toEqual([{ from: 0, to: 0.25 }]);
    expect(silentParts(null, { allDay: true })).toEqual([]);
  });

  test("until tomorrow end at 7 h of the reader's zone, also when the clocks change in the night", () => {
    expect(tomorrowAtSeven(Date.UTC(2026, 10, 24, 20), "Europe/Paris")).toBe(Date.UTC(2026, 10, 25, 6));
    expect(tomorrowAtSeven(Date.UTC(2026, 9, 24, 20), "Europe/Paris")).toBe(Date.UTC(2026, 9, 25, 6));
    expect(tomorrowAtSeven(Date.UTC(2026, 2, 28, 20), "Europe/Paris")).toBe(Date.UTC(2026, 2, 29, 5));
    expect(tomorrowAtSeven(Date.UTC(2026, 10, 24, 20), "Pacific/Noumea")).toBe(Date.UTC(2026, 10, 25, 20));
  });
});
