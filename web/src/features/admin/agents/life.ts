import { dictionary } from "../../../i18n/dictionary.ts";

const ouvertes = (count: number) =>
  count === 0 ? "Aucune session n’est ouverte." : count === 1 ? "Sa session ouverte se ferme aussitôt." : `Ses ${count} sessions ouvertes se ferment aussitôt.`;
const open = (count: number) =>
  count === 0 ? "No session is open." : count === 1 ? "The open session closes at once." : `The ${count} open sessions close at once.`;
const tenus = (count: number) => (count === 0 ? [] : [count === 1 ? "Son rôle prend fin." : `Ses ${count} rôles prennent fin.`]);
const held = (count: number) => (count === 0 ? [] : [count === 1 ? "The role ends." : `The ${count} roles end.`]);
const invites = (count: number) =>
  count === 0 ? [] : [count === 1 ? "L’accès de la personne invitée reste ouvert\u00a0: sa fiche y mène." : `Les accès des ${count} personnes invitées restent ouverts\u00a0: sa fiche y mène.`];
const letIn = (count: number) =>
  count === 0 ? [] : [count === 1 ? "The access of the invited guest stays open: the agent’s page leads there." : `The accesses of the ${count} invited guests stay open: the agent’s page leads there.`];

/** One consequence a line. */
const lines = (...all: string[]) => all.join("\n");

/** What is done to an account, and what comes of it. */
export const texts = dictionary(
  {
    account: "Le compte",
    since: (when: string) => `depuis le ${when}`,
    sinceBy: (when: string, who: string) => `depuis le ${when}, par ${who}`,
    sessions: "Sessions ouvertes",
    roles: "Rôles tenus",
    guests: "Personnes invitées",
    nothing: "Vous ne pouvez rien faire de ce compte\u00a0: c’est le vôtre, ou cette personne tient un rôle plus large que le vôtre.",
    notUndone: "Le compte n’a pas pu être rouvert. Réessayez depuis sa fiche.",
    reason: "Motif",
    reasonOptional: "Motif (facultatif)",
    reasonHint: "500 caractères au plus. Le journal le garde à part, et l’efface avec le compte.",
    reasonMissing: "Écrivez pourquoi ce compte est suspendu.",
  },
  {
    account: "The account",
    since: (when: string) => `since ${when}`,
    sinceBy: (when: string, who: string) => `since ${when}, by ${who}`,
    sessions: "Open sessions",
    roles: "Roles held",
    guests: "Guests let in",
    nothing: "You can do nothing to this account: it is yours, or this person holds a wider role than yours.",
    notUndone: "The account could not be reopened. Try again from its sheet.",
    reason: "Reason",
    reasonOptional: "Reason (optional)",
    reasonHint: "500 characters at most. The journal keeps it apart, and erases it with the account.",
    reasonMissing: "Write why this account is suspended.",
  },
);

/** The acts, as their buttons say them. */
export const acts = dictionary(
  {
    suspend: "Suspendre",
    resume: "Rouvrir le compte",
    depart: "Enregistrer le départ",
    erase: "Effacer",
  },
  {
    suspend: "Suspend",
    resume: "Reopen the account",
    depart: "Record the departure",
    erase: "Erase",
  },
);

/** The acts, as their dialogs are titled. */
export const titles = dictionary(
  {
    suspend: (who: string) => `Suspendre ${who}`,
    resume: (who: string) => `Rouvrir le compte de ${who}`,
    depart: (who: string) => `Enregistrer le départ de ${who}`,
    erase: (who: string) => `Effacer ${who}`,
  },
  {
    suspend: (who: string) => `Suspend ${who}`,
    resume: (who: string) => `Reopen the account of ${who}`,
    depart: (who: string) => `Record the departure of ${who}`,
    erase: (who: string) => `Erase ${who}`,
  },
);

/** The acts, once done. */
export const done = dictionary(
  {
    suspend: (who: string) => `Le compte de ${who} est suspendu.`,
    resume: (who: string) => `Le compte de ${who} est rouvert.`,
    depart: (who: string) => `Le départ de ${who} est enregistré.`,
    erase: (who: string) => `${who} est en cours d’effacement.`,
  },
  {
    suspend: (who: string) => `The account of ${who} is suspended.`,
    resume: (who: string) => `The account of ${who} is open again.`,
    depart: (who: string) => `The departure of ${who} is recorded.`,
    erase: (who: string) => `${who} is being erased.`,
  },
);

/** What comes of each act, a line a consequence. */
export const consequences = dictionary(
  {
    suspend: (sessions: number, _roles: number, guests: number) => lines(
      ouvertes(sessions),
      "Ses accès aux applications cessent, et toute connexion est refusée.",
      "Ses invitations restées sans réponse sont retirées.",
      ...invites(guests),
      "Ses données et ses rôles sont gardés\u00a0: vous pourrez rouvrir le compte.",
    ),
    resume: (_sessions: number, _roles: number, _guests: number) => "",
    depart: (sessions: number, roles: number, guests: number) => lines(
      ouvertes(sessions),
      ...tenus(roles),
      "Ses invitations restées sans réponse sont retirées.",
      ...invites(guests),
      "Le compte sort de l’annuaire, et toute connexion est refusée.",
      "Ses données sont gardées\u00a0: vous pourrez rouvrir le compte, sans ses rôles.",
    ),
    erase: (_sessions: number, _roles: number, _guests: number) => lines(
      "Son nom, son adresse et tout ce que les outils gardent de cette personne sont effacés.",
      "Le journal garde les actes, sans le nom.",
      "Rien ne revient\u00a0: si cette personne se reconnecte, ce sera avec un nouveau compte.",
    ),
  },
  {
    suspend: (sessions: number, _roles: number, guests: number) => lines(
      open(sessions),
      "Access to applications ends, and every sign-in is refused.",
      "Invitations that nobody has answered are withdrawn.",
      ...letIn(guests),
      "Data and roles are kept: you can reopen the account.",
    ),
    resume: (_sessions: number, _roles: number, _guests: number) => "",
    depart: (sessions: number, roles: number, guests: number) => lines(
      open(sessions),
      ...held(roles),
      "Invitations that nobody has answered are withdrawn.",
      ...letIn(guests),
      "The account leaves the directory, and every sign-in is refused.",
      "Data is kept: you can reopen the account, without its roles.",
    ),
    erase: (_sessions: number, _roles: number, _guests: number) => lines(
      "The name, the address and all that tools keep of this person are erased.",
      "The journal keeps the acts, without the name.",
      "Nothing comes back: if this person signs in again, it will be with a new account.",
    ),
  },
);
