import { dictionary } from "./dictionary.ts";
import type { Locale } from "./locale.ts";

/** What a token of the API may be used for, by scope. */
export const tokenScopes = dictionary(
  {
    "profile:read": "savoir à qui est le jeton",
    "inbox:read": "lire les notifications",
    "portal:read": "lire l’accueil, les outils, les annonces et les demandes",
    "people:read": "chercher dans l’annuaire",
    "account:export": "emporter les données du compte",
    "admin:import": "lire les agents et importer un annuaire",
    "admin:tools": "gérer les outils",
    "admin:announcements": "gérer les annonces",
    "admin:journal": "lire et exporter le journal",
  },
  {
    "profile:read": "know whose token it is",
    "inbox:read": "read the notifications",
    "portal:read": "read the home page, tools, announcements and requests",
    "people:read": "search the directory",
    "account:export": "take the data of the account away",
    "admin:import": "read the agents and import a directory",
    "admin:tools": "manage the tools",
    "admin:announcements": "manage the announcements",
    "admin:journal": "read and export the journal",
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
