// What each act of the journal is called, and the sentence that tells it. An act known to the server
// that has no words in a language does not compile.

import type { Locale } from "../../../i18n/locale.ts";
import type { Entry, JournalAct, Names } from "./api.ts";
import { acts as en } from "./sentences.en.ts";
import { acts as fr } from "./sentences.fr.ts";

/** What a sentence is made of: every part is a name or a figure that can be shown. */
export interface Said {
  /** Who acted; the program itself when nobody did. */
  who: string;
  /** What it was about, by its name; undefined when it has none (any more). */
  what: string | undefined;
  /** The name of an agent, an administration, a provider… that the data holds by id. */
  named: (member: string) => string | undefined;
  /** A figure of the data. */
  count: (member: string) => number;
  /** A word of the data. */
  word: (member: string) => string;
  /** Whether it was done. */
  done: boolean;
}

export interface ActWords {
  /** In a table and in a list of choices: a verb. */
  label: string;
  /** The whole sentence. */
  tell: (said: Said) => string;
}

export type Acts = Readonly<Record<JournalAct, ActWords>>;

const ALL: Readonly<Record<Locale, Acts>> = { fr, en };

/** The words of an act; none for one of a newer server. */
export function wordsOf(act: string, locale: Locale): ActWords | undefined {
  return Object.hasOwn(ALL[locale], act) ? ALL[locale][act as JournalAct] : undefined;
}

/** The acts by family (`identity.session`), in the order of their names. */
export function families(locale: Locale): [string, [string, ActWords][]][] {
  const byFamily = new Map<string, [string, ActWords][]>();
  for (const entry of Object.entries(ALL[locale])) {
    const family = entry[0].slice(0, entry[0].lastIndexOf("."));
    byFamily.set(family, [...(byFamily.get(family) ?? []), entry]);
  }
  return [...byFamily];
}

const NOBODY: Record<Locale, string> = { fr: "La plateforme", en: "The platform" };
const ERASED: Record<Locale, string> = { fr: "Un agent effacé", en: "An erased agent" };

/** The name of what an entry is about. */
function subjectName(entry: Entry, names: Names): string | undefined {
  const subject = entry.subject.startsWith("journal:") ? entry.subject.replace("journal:", "organisation:") : entry.subject;
  return names[subject]?.name;
}

/** Whom or what an entry concerns, in a few words: its subject's name, else that of the agent or the provider of its data. */
export function about(entry: Entry, names: Names): string | undefined {
  const data = entry.data as Record<string, unknown>;
  return subjectName(entry, names) ?? names[`agent:${String(data["agent"])}`]?.name ?? names[`provider:${String(data["provider"])}`]?.name;
}

/** The entry, told. */
export function tell(entry: Entry, names: Names, locale: Locale): string {
  const data = entry.data as Record<string, unknown>;
  const text = (member: string) => (typeof data[member] === "string" ? data[member] : "");
  const said: Said = {
    who: entry.actor === undefined ? NOBODY[locale] : (names[`agent:${entry.actor}`]?.name ?? ERASED[locale]),
    what: subjectName(entry, names),
    named: (member) => names[`${member}:${text(member)}`]?.name,
    count: (member) => (typeof data[member] === "number" ? data[member] : 0),
    word: text,
    done: entry.outcome === "done",
  };
  return wordsOf(entry.act, locale)?.tell(said) ?? `${said.who}\u00a0: ${entry.act}`;
}
