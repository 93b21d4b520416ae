import { describe, expect, test } from "vitest";

import { dateAndTime } from "./dates.ts";
import { plural } from "./dictionary.ts";

type Entry = string | ((...values: unknown[]) => string);
const modules = import.meta.glob<{ texts: Record<"fr" | "en", Record<string, Entry>> }>("../**/texts.ts", { eager: true });

/** Every text, sentences filled with sample values. */
function* textsIn(language: "fr" | "en"): Generator<[string, string]> {
  for (const [file, { texts }] of Object.entries(modules)) {
    for (const [key, entry] of Object.entries(texts[language])) {
      yield [`${file} ${key}`, typeof entry === "string" ? entry : entry(2, 3)];
    }
  }
}

describe("the texts", () => {
  test("are found", () => {
    expect(Object.keys(modules).length).toBeGreaterThan(2);
  });

  test("in French keep the typography: non-breaking spaces, curved apostrophe, no exclamation", () => {
    const fault = /[^\u00a0][:;?!»]|«[^\u00a0]|'|!|\.\.\./;
    expect([...textsIn("fr")].filter(([, text]) => fault.test(text))).toEqual([]);
  });

  test("in English have no French spacing", () => {
    expect([...textsIn("en")].filter(([, text]) => /\s[:;?!]|[«»]/.test(text))).toEqual([]);
  });
});

describe("dates", () => {
  const morning = Date.UTC(2026, 10, 24, 8, 5);

  test("are those of the reader's zone, in the house's form", () => {
    expect(dateAndTime(morning, "Europe/Paris", "fr")).toBe("mardi 24 novembre, 9\u00a0h\u00a005");
    expect(dateAndTime(morning, "Europe/Paris", "en")).toBe("Tuesday 24 November, 9:05");
    expect(dateAndTime(morning, "Pacific/Noumea", "fr")).toBe("mardi 24 novembre, 19\u00a0h\u00a005");
    expect(dateAndTime(Date.UTC(2026, 0, 1, 23, 30), "Europe/Paris", "fr")).toBe("vendredi 2 janvier, 0\u00a0h\u00a030");
  });

  test("a zone that the browser does not know is no error", () => {
    expect(dateAndTime(morning, "Nowhere/At_all", "fr")).toContain("novembre");
  });
});

test("zero is singular in French, plural in English", () => {
  expect(plural("fr", 0, "outil", "outils")).toBe("outil");
  expect(plural("en", 0, "tool", "tools")).toBe("tools");
  expect(plural("fr", 2, "outil", "outils")).toBe("outils");
});
