import { dictionary } from "../../../i18n/dictionary.ts";

/** What an agent made for programs, as administrators see it. */
export const texts = dictionary(
  {
    title: "Jetons d’accès",
    text: "Des programmes parlent à Besace au nom de cette personne, pour ce qui est dit ici et jamais plus qu’elle.",
    none: "Aucun programme n’agit en son nom.",
    lives: (from: string, to: string) => `Fait le ${from}. Expire le ${to}`,
    used: (when: string) => `Servi le ${when}`,
    neverUsed: "N’a jamais servi",
    revoke: "Révoquer",
    revokeOf: (name: string) => `Révoquer le jeton ${name}`,
    revokeTitle: (name: string) => `Révoquer le jeton «\u00a0${name}\u00a0»`,
    revokeText: (who: string) => `Ce qui s’en sert n’entre plus au nom de ${who}, aussitôt et pour toujours. Le journal le note.`,
    revoked: (name: string) => `Le jeton «\u00a0${name}\u00a0» n’ouvre plus rien.`,
  },
  {
    title: "Access tokens",
    text: "Programs speak to Besace in this person’s name, for what is said here and never more than they may.",
    none: "No program acts in their name.",
    lives: (from: string, to: string) => `Made on ${from}. Expires on ${to}`,
    used: (when: string) => `Used on ${when}`,
    neverUsed: "Never used",
    revoke: "Revoke",
    revokeOf: (name: string) => `Revoke the token ${name}`,
    revokeTitle: (name: string) => `Revoke the token “${name}”`,
    revokeText: (who: string) => `Whatever uses it no longer gets in in the name of ${who}, at once and for good. The journal notes it.`,
    revoked: (name: string) => `The token “${name}” opens nothing any more.`,
  },
);
