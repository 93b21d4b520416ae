import { useTexts } from "../../../i18n/dictionary.ts";
import type { Organisation, Person, Population } from "../api/shapes.ts";
import type { Who } from "./rows.ts";
import { texts } from "./texts.ts";

type Texts = (typeof texts)["fr"];

export interface Names {
  organisations: ReadonlyMap<string, Organisation>;
  persons: ReadonlyMap<string, Person>;
}

/** The word for a population. */
export function populationWord(population: Population, t: Texts): string {
  const words: Record<Population, string> = {
    agent: t.populationAgent,
    prestataire: t.populationPrestataire,
    partenaire: t.populationPartenaire,
    stagiaire: t.populationStagiaire,
  };
  return words[population];
}

/** A row in pieces; the strong ones say whom. */
export function piecesOf(who: Who, { organisations, persons }: Names, t: Texts): { text: string; strong?: true }[] {
  if (who.kind === "person") {
    const person = persons.get(who.id);
    const name = { text: person?.displayName ?? t.unknownPerson, strong: true } as const;
    return person === undefined ? [name] : [name, { text: `, ${person.organisation.label}` }];
  }
  const population = who.population === undefined ? undefined : populationWord(who.population, t);
  if (who.kind === "everyone") {
    return population === undefined
      ? [{ text: t.everyone, strong: true }, { text: t.allAgents }]
      : [{ text: t.population }, { text: population, strong: true }, { text: t.everywhere }];
  }
  const label = organisations.get(who.id)?.label ?? t.unknownOrganisation;
  const start = [{ text: label, strong: true } as const, ...(who.subtree ? [{ text: t.andServices }] : [])];
  return population === undefined
    ? [...start, { text: t.allAgents }]
    : [...start, { text: t.inPopulation }, { text: population, strong: true }];
}

/** What a row says, as plain text. */
export function wordsOf(who: Who, names: Names, t: Texts): string {
  return piecesOf(who, names, t)
    .map(({ text }) => text)
    .join("");
}

/** Whom a row takes in, in words. */
export function RowSentence({ who, names }: { who: Who; names: Names }) {
  const t = useTexts(texts);
  return piecesOf(who, names, t).map(({ text, strong }) => (strong ? <b key={text}>{text}</b> : <span key={text}>{text}</span>));
}
