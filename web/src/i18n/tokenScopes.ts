import { dictionary } from "./dictionary.ts";
import type { Locale } from "./locale.ts";

/** What a token of the API may be used for, by scope. */
export const tokenScopes = dictionary(
  {
    "profile:read": "savoir à qui il est",
    "inbox:read": "lire vos notifications",
    "portal:read": "lire l’accueil, les outils, les annonces et vos demandes",
    "people:read": "chercher dans l’annuaire",
    "account:export": "emporter vos données",
    "admin:import": "lire vos agents et importer un annuaire",
    "admin:tools": "gérer les outils de votre administration",
    "admin:announcements": "gérer ses annonces",
    "admin:journal": "lire et exporter son journal",
  },
  {
    "profile:read": "know whose it is",
    "inbox:read": "read your notifications",
    "portal:read": "read the home page, the tools, the announcements and your requests",
    "people:read": "search the directory",
    "account:export": "take your data away",
    "admin:import": "read your agents and import a directory",
    "admin:tools": "manage the tools of your administration",
    "admin:announcements": "manage its announcements",
    "admin:journal": "read and export its journal",
  },
);

/** The words of a scope; one of a newer server is shown as it is. */
export function scopeWords(scope: string, locale: Locale): string {
  const words: Readonly<Record<string, string>> = tokenScopes[locale];
  return words[scope] ?? scope;
}

/** Several scopes as one list. */
export function scopesInWords(scopes: readonly string[], locale: Locale): string {
  const words = scopes.map((scope) => scopeWords(scope, locale));
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(words);
}
