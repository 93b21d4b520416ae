import { dictionary } from "../../i18n/dictionary.ts";

export const texts = dictionary(
  {
    account: "Mon compte",
    openAccount: (initials: string, name: string) => `${initials}, mon compte\u00a0: ${name}`,
    guests: "Invités",
    guestOf: (organisation: string) => `${organisation}, externe`,
    settings: "Réglages",
    signOut: "Se déconnecter",
  },
  {
    account: "My account",
    openAccount: (initials: string, name: string) => `${initials}, my account: ${name}`,
    guests: "Guests",
    guestOf: (organisation: string) => `${organisation}, external`,
    settings: "Settings",
    signOut: "Sign out",
  },
);
