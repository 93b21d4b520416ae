// The journal: every act has its sentence, the filters stand in the address, an entry shows its proof.

import { readFileSync } from "node:fs";

import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";

import { openAdmin } from "../testing.tsx";
import type { Entry, Names } from "./api.ts";
import { families, tell, wordsOf } from "./sentences.ts";

interface Description {
  components: { schemas: Record<string, { enum?: string[] }> };
}
const { components } = JSON.parse(readFileSync("openapi.json", "utf8")) as Description;
const KNOWN = components.schemas["JournalAct"]?.enum ?? [];

const CLAIRE = "a-claire";
const NAMES: Names = {
  [`agent:${CLAIRE}`]: { name: "Claire Delmas", of: "Ministère de l’Intérieur" },
  "agent:a-yann": { name: "Yann Kerbrat" },
  "provider:interieur": { name: "Ministère de l’Intérieur" },
  "tool:t1": { name: "Formation" },
};

function entry(change: Partial<Entry>): Entry {
  return {
    chain: "o-interieur",
    seq: 7,
    at: Date.UTC(2026, 10, 24, 8, 18, 7),
    actor: CLAIRE,
    act: "identity.session.open",
    subject: "session:s1",
    outcome: "done",
    data: { provider: "interieur", acr: "eidas1" } as never,
    erased: false,
    ...change,
  };
}

const FACTS = { entries: 48_213, covered: 48_213, checkpointAt: Date.UTC(2026, 10, 24, 8, 0), keptMonths: 12 };
const PAGE = { items: [entry({})], names: NAMES, facts: FACTS };
const PROOF = {
  entry: entry({ personal: "claire.delmas@interieur.gouv.fr" }),
  names: NAMES,
  standing: "covered",
  verifiedUpTo: 9,
  checkpointSeq: 9,
  checkpointAt: FACTS.checkpointAt,
  hash: "ab".repeat(32),
  previousHash: "cd".repeat(32),
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("sentences", () => {
  test("every act that the server knows has a label and a sentence in both languages", () => {
    expect(KNOWN.length).toBeGreaterThan(30);
    for (const locale of ["fr", "en"] as const) {
      for (const act of KNOWN) {
        expect(wordsOf(act, locale)?.label, `${act} in ${locale}`).toMatch(/^\p{Lu}/u);
        for (const outcome of ["done", "refused"] as const) {
          for (const named of [NAMES, {}]) {
            const told = tell(entry({ act: act as Entry["act"], subject: "tool:t1", outcome, data: {} as never }), named, locale);
            expect(told, `${act} in ${locale}`).toMatch(/^\p{Lu}.*\.$/u);
            expect(told).not.toMatch(/undefined|NaN|\[object/u);
          }
        }
      }
      const listed = families(locale).flatMap(([, words]) => words.map(([act]) => act));
      expect(listed.toSorted()).toEqual(KNOWN.toSorted());
    }
  });

  test("a sentence names who, what and how", () => {
    expect(tell(entry({}), NAMES, "fr")).toBe("Claire Delmas a ouvert une session par le ministère de l’Intérieur.");
    const refused = entry({ actor: undefined as never, outcome: "refused", subject: "provider:interieur", data: { reason: "credentials" } as never });
    delete (refused as Partial<Entry>).actor;
    expect(tell(refused, NAMES, "fr")).toBe("Une connexion par le ministère de l’Intérieur a été refusée\u00a0: identifiant ou mot de passe inconnu.");
    const role = entry({ act: "identity.role.grant", subject: "role:r", data: { agent: "a-yann", role: "announcer" } as never });
    expect(tell(role, NAMES, "fr")).toBe("Claire Delmas a donné à Yann Kerbrat le rôle «\u00a0Annonceur\u00a0».");
    const published = entry({ act: "portal.tool.publish", subject: "tool:t1", data: { agents: 12_480 } as never });
    expect(tell(published, NAMES, "en")).toBe("Claire Delmas published the tool “Formation” for 12,480 agents.");
  });

  test("an act of a newer server is told by its name", () => {
    const unknown = entry({ act: "chat.room.create" as Entry["act"] });
    expect(tell(unknown, NAMES, "fr")).toBe("Claire Delmas\u00a0: chat.room.create");
  });
});

describe("the page", () => {
  const answers = { "GET admin/journal": PAGE, "GET admin/journal/o-interieur/7": PROOF };

  test("an act is a sentence, and an entry opened beside shows its proof", async () => {
    const { user } = openAdmin("/journal", answers);
    await screen.findByText("Claire Delmas a ouvert une session par le ministère de l’Intérieur.");
    expect(screen.getByText(/^Scellé à .*48\s213 entrées$/u)).toBeTruthy();
    expect(screen.getByText(/Les actes sont gardés 12 mois/u)).toBeTruthy();
    await user.click(screen.getByRole("link", { name: "Se connecter" }));
    const panel = await screen.findByRole("complementary", { name: "Entrée n° 7" });
    await within(panel).findByText("Entrée intacte et scellée");
    expect(within(panel).getByText("claire.delmas@interieur.gouv.fr")).toBeTruthy();
    expect(within(panel).getByText("cd".repeat(32))).toBeTruthy();
    expect(location.search).toBe("?entree=o-interieur%2F7");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary", { name: "Entrée n° 7" })).toBeNull());
  });

  test("the filters stand in the address and in the export’s", async () => {
    const { user } = openAdmin("/journal", { ...answers, "GET admin/journal": { ...PAGE, items: [] } });
    await screen.findByText("Rien n’a encore été enregistré");
    await user.selectOptions(screen.getByRole("combobox", { name: "Résultat" }), "Refusé");
    await user.selectOptions(screen.getByRole("combobox", { name: "Acte" }), "Se connecter");
    await screen.findByText("Aucun acte ne répond à ces filtres");
    expect(location.search).toBe("?resultat=refused&acte=identity.session.open");
    const file = screen.getByRole("link", { name: "Exporter en JSON signé" }).getAttribute("href");
    expect(file).toContain("/api/v1/admin/journal/export?");
    expect(file).toContain("outcome=refused");
    expect(file).toContain("act=identity.session.open");
    await user.click(screen.getAllByRole("button", { name: "Effacer les filtres" })[0] as HTMLElement);
    await waitFor(() => expect(location.search).toBe(""));
  });

  test("an altered entry is said plainly", async () => {
    openAdmin("/journal?entree=o-interieur%2F7", { ...answers, "GET admin/journal/o-interieur/7": { ...PROOF, standing: "broken" } });
    expect(await screen.findByText("Cette entrée ne correspond pas à ce qui avait été écrit")).toBeTruthy();
  });

  test("only an operator is offered the whole platform", async () => {
    const { sent } = openAdmin("/journal?etendue=tout", answers);
    await screen.findByRole("link", { name: "Se connecter" });
    expect(screen.queryByRole("combobox", { name: "Étendue" })).toBeNull();
    expect(sent.some(({ path }) => path === "admin/journal")).toBe(true);
    cleanup();
    openAdmin("/journal?etendue=tout", answers, [{ role: "operator" }]);
    await screen.findByText(/sur toute la plateforme/u);
    expect(screen.getByRole("combobox", { name: "Étendue" })).toBeTruthy();
  });

  test("a page that cannot be read says so", async () => {
    openAdmin("/journal", { ...answers, "GET admin/journal": 403 });
    expect(await screen.findByText("Cette page ne vous est pas ouverte")).toBeTruthy();
  });
});
