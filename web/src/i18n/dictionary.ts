import { useLocale, type Locale } from "./locale.ts";

/** A text, or a sentence made from values. */
type Entry = string | ((...values: never[]) => string);
type Entries = Record<string, Entry>;

/** The same keys with the same values to fill in: a key forgotten in a language does not compile. */
type Same<Texts extends Entries> = {
  readonly [Key in keyof Texts]: Texts[Key] extends (...values: infer Values) => string
    ? (...values: Values) => string
    : string;
};

/** The texts of one feature, French first. */
export type Dictionary<Texts extends Entries> = Readonly<Record<Locale, Same<Texts>>>;

/** Declares the texts of a feature in both languages. */
export function dictionary<Texts extends Entries>(
  fr: Texts & Same<Texts>,
  en: Same<Texts>,
): Dictionary<Texts> {
  return { fr, en };
}

/** The texts in the reader's language. */
export function useTexts<Texts extends Entries>(texts: Dictionary<Texts>): Same<Texts> {
  return texts[useLocale()];
}

/** Chooses between singular and plural: zero is singular in French, plural in English. */
export function plural(locale: Locale, count: number, one: string, many: string): string {
  const singular = locale === "fr" ? count < 2 : count === 1;
  return singular ? one : many;
}
