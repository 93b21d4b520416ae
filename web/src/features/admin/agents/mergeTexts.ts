import { dictionary } from "../../../i18n/dictionary.ts";

/** Two accounts of one person made one. */
export const texts = dictionary(
  {
    title: "Deux comptes pour une même personne\u00a0?",
    text: (who: string) => `Si cette personne a aussi un autre compte, après un changement d’adresse ou de service par exemple, le compte de ${who} peut rejoindre celui qui reste.`,
    kept: "Le compte qui reste",
    keptHint: "Son identifiant auprès des applications reste le même.",
    keptMissing: "Choisissez dans la liste le compte qui reste.",
    same: "C’est le compte de cette fiche. Choisissez l’autre compte de cette personne.",
    merge: "Fusionner",
    mergeTitle: (who: string, kept: string) => `Fusionner ${who} avec ${kept}`,
    moves: (kept: string, where: string) => `Tout passe à ${kept} (${where})\u00a0: les façons de se connecter, les rôles, les favoris, les notifications, les lectures.`,
    ends: (who: string) => `Le compte de ${who} disparaît. Ses sessions ouvertes et ses jetons d’accès prennent fin.`,
    final: "Rien ne revient\u00a0: vérifiez qu’il s’agit bien de la même personne.",
    merged: (who: string, kept: string) => `Le compte de ${who} a rejoint celui de ${kept}.`,
  },
  {
    title: "Two accounts for one person?",
    text: (who: string) => `If this person has another account as well, after a change of address or of service for example, the account of ${who} can join the one that stays.`,
    kept: "The account that stays",
    keptHint: "Applications keep knowing it by the same identifier.",
    keptMissing: "Choose from the list the account that stays.",
    same: "That is the account of this sheet. Choose the other account of this person.",
    merge: "Merge",
    mergeTitle: (who: string, kept: string) => `Merge ${who} with ${kept}`,
    moves: (kept: string, where: string) => `Everything goes to ${kept} (${where}): ways to sign in, roles, favourites, notifications, readings.`,
    ends: (who: string) => `The account of ${who} disappears. Its open sessions and access tokens end.`,
    final: "Nothing comes back: make sure that it is the same person.",
    merged: (who: string, kept: string) => `The account of ${who} has joined that of ${kept}.`,
  },
);
