import type { Acts, Said } from "./sentences.ts";

const S = "\u00a0";
const quoted = (name: string) => `«${S}${name}${S}»`;
/** Something by its name, or what it is. */
const thing = (kind: string, name: string | undefined, without: string) => (name === undefined ? without : `${kind} ${quoted(name)}`);
const number = (value: number) => new Intl.NumberFormat("fr-FR").format(value);
const several = (count: number, one: string, many: string) => `${number(count)}${S}${count < 2 ? one : many}`;

const ARTICLES: readonly [RegExp, string][] = [
  [/^(Ministère|Service|Secrétariat|Conseil|Centre)\b/u, "le "],
  [/^(Préfecture|Direction|Région|Ville|Métropole|Cour|Mission)\b/u, "la "],
  [/^(Agence|Office|Institut|Académie|Université|École)\b/u, "l’"],
];

/** `le ministère de l’Intérieur`; a name that is none of an administration stands between quotes. */
function withArticle(name: string): string {
  const article = ARTICLES.find(([pattern]) => pattern.test(name))?.[1];
  return article === undefined ? quoted(name) : `${article}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

const ROLES: Record<string, string> = { operator: "Opérateur", administrator: "Administrateur", announcer: "Annonceur" };
const role = (said: Said) => quoted(ROLES[said.word("role")] ?? said.word("role"));
const whose = (said: Said) => said.named("agent") ?? "un agent effacé";
const guest = (said: Said) => said.named("agent") ?? "un invité effacé";

const ENDS: Record<string, string> = {
  "sign-out": "s’est déconnecté",
  elsewhere: "a fermé une de ses autres sessions",
  replaced: "a ouvert une nouvelle session, qui remplace la précédente",
};
/** By what an edit says of guests. */
const EDITS: Record<string, string> = {
  asked: "demande désormais un second facteur aux invités",
  "not-asked": "ne demande plus de second facteur aux invités",
  "edited-and-asked": "a changé le nom ou la place, et demande désormais un second facteur aux invités",
  "edited-and-not-asked": "a changé le nom ou la place, et ne demande plus de second facteur aux invités",
};
const REFUSALS: Record<string, string> = {
  code: "code du second facteur erroné ou déjà utilisé",
  credentials: "identifiant ou mot de passe inconnu",
  "agent-state": "compte suspendu, parti ou effacé",
};
function refusal(reason: string): string {
  if (reason === "") return "";
  return `${S}: ${REFUSALS[reason] ?? `refus ${reason}`}`;
}

const ofAgent = (said: Said) => (said.what === undefined ? "d’un agent effacé" : `de ${said.what}`);
const tool = (said: Said) => thing("l’outil", said.what, "un outil supprimé");
const request = (said: Said) => thing("la demande", said.what, "une demande");
const announcement = (said: Said) => thing("l’annonce", said.what, "une annonce effacée");
const client = (said: Said) => thing("l’application", said.what, "une application");
const token = (said: Said) => thing("le jeton", said.named("token"), "un jeton d’accès");
const provider = (said: Said) => thing("le fournisseur d’identité", said.what, "un fournisseur d’identité");
const journal = (said: Said) => (said.what === undefined ? "de toute la plateforme" : `de ${quoted(said.what)}`);
const organisation = (said: Said) => (said.what === undefined ? "d’une administration" : `de ${quoted(said.what)}`);

/** French. */
export const acts: Acts = {
  "identity.account.export": { label: "Emporter ses données", tell: (said) => `${said.who} a emporté une copie de ses données.` },
  "identity.account.invite": { label: "Inviter un agent", tell: (said) => `${said.who} a ouvert un compte à ${said.what ?? "un agent effacé"}, à qui un lien permet de choisir son mot de passe.` },
  "identity.account.remove": { label: "Retirer un compte", tell: (said) => `${said.who} a retiré le compte ${ofAgent(said)}${S}: ses sessions sont terminées.` },
  "identity.agent.depart": { label: "Fermer un compte", tell: (said) => `${said.who} a fermé le compte ${ofAgent(said)}${S}: sessions et rôles sont terminés.` },
  "identity.agent.erase": { label: "Effacer un compte", tell: (said) => `${said.who} a effacé le compte ${ofAgent(said)} et ce que les outils gardaient de lui.` },
  "identity.agent.merge": { label: "Réunir deux comptes", tell: (said) => `${said.who} a réuni le compte ${ofAgent(said)} à un autre de la même personne.` },
  "identity.agent.resume": { label: "Rouvrir un compte", tell: (said) => `${said.who} a rouvert le compte ${ofAgent(said)}.` },
  "identity.agent.suspend": { label: "Suspendre un compte", tell: (said) => `${said.who} a suspendu le compte ${ofAgent(said)}${S}: ses sessions sont terminées.` },
  "identity.application.withdraw": { label: "Reprendre un accès", tell: (said) => `${said.who} a repris à ${client(said)} ce qui venait de son compte.` },
  "identity.client.amend": { label: "Changer une application", tell: (said) => `${said.who} a changé ${client(said)} ou ses adresses de retour.` },
  "identity.client.end": { label: "Fermer une application", tell: (said) => `${said.who} a fermé ${client(said)}${S}: ses jetons n’ouvrent plus rien.` },
  "identity.client.register": { label: "Enregistrer une application", tell: (said) => `${said.who} a enregistré ${client(said)} et reçu son secret.` },
  "identity.code.reuse": {
    label: "Code d’autorisation rejoué",
    tell: (said) => `Le code d’autorisation que ${said.who} avait donné à ${thing("l’application", said.what, "une application")} a servi deux fois${S}: ce qu’il avait ouvert a été refermé.`,
  },
  "identity.domain.rename": {
    label: "Changer un domaine",
    tell: (said) => `Le domaine ${said.word("from")} ${organisation(said)} est devenu ${said.word("to")} pour ${several(said.count("agents"), "agent", "agents")}.`,
  },
  "identity.factor.add": { label: "Ajouter un second facteur", tell: (said) => `${said.who} a ajouté un second facteur à son compte.` },
  "identity.factor.codes": { label: "Créer des codes de secours", tell: (said) => `${said.who} a créé de nouveaux codes de secours${S}: les anciens n’ouvrent plus rien.` },
  "identity.factor.recover": { label: "Utiliser un code de secours", tell: (said) => `${said.who} a utilisé un code de secours${S}: il en reste ${number(said.count("left"))}.` },
  "identity.factor.remove": { label: "Retirer un second facteur", tell: (said) => `${said.who} a retiré un second facteur de son compte${S}: il en reste ${number(said.count("left"))}.` },
  "identity.factor.rename": { label: "Renommer un second facteur", tell: (said) => `${said.who} a renommé un second facteur de son compte.` },
  "identity.factor.reset": { label: "Réinitialiser les seconds facteurs", tell: (said) => `${said.who} a retiré ${said.word("invitation") === "" ? "les seconds facteurs" : "le second facteur"} ${ofAgent(said)}${S}: un nouveau sera demandé après ${said.word("invitation") === "" ? "le mot de passe" : "le code du courriel"}.` },
  "identity.import.apply": {
    label: "Importer un annuaire",
    tell: (said) =>
      `${said.who} a importé un annuaire de ${several(said.count("total"), "ligne", "lignes")}${S}: ${number(said.count("created"))} à créer, ${number(said.count("updated"))} à mettre à jour, ${number(said.count("faulty"))} en faute.`,
  },
  "identity.journal.export": { label: "Exporter le journal", tell: (said) => `${said.who} a exporté le journal ${journal(said)}.` },
  "identity.invitation.accept": {
    label: "Répondre à une invitation",
    tell: (said) => `${said.who} est entré par son invitation.`,
  },
  "identity.invitation.ask": {
    label: "Demander un nouvel accès",
    tell: (said) => `${said.who} a demandé un nouvel accès.`,
  },
  "identity.invitation.create": {
    label: "Inviter une personne extérieure",
    tell: (said) => `${said.who} a invité ${guest(said)}.`,
  },
  "identity.invitation.decline": {
    label: "Refuser une invitation",
    tell: (said) => `${said.who} a refusé une invitation.`,
  },
  "identity.invitation.end": {
    label: "Mettre fin à une invitation",
    tell: (said) => (said.word("ending") === "date" || said.word("ending") === "unanswered" ? `L’invitation de ${guest(said)} a pris fin à sa date.` : `${said.who} a mis fin à l’invitation de ${guest(said)}.`),
  },
  "identity.invitation.extend": {
    label: "Changer la fin d’une invitation",
    tell: (said) => `${said.who} a changé la fin de l’invitation de ${guest(said)}.`,
  },
  "identity.journal.read": { label: "Lire le journal", tell: (said) => `${said.who} a lu le journal ${journal(said)}.` },
  "identity.key.made": { label: "Préparer une clé de signature", tell: (said) => `${said.who} a préparé une nouvelle clé de signature, publiée avant de servir.` },
  "identity.key.withdraw": { label: "Retirer une clé de signature", tell: () => `Une clé de signature a été retirée par l’exploitant${S}: plus rien de ce qu’elle a signé n’est accepté.` },
  "identity.organisation.edit": { label: "Changer une administration", tell: (said) => `${said.who} ${EDITS[said.word("guestsSecondFactor")] ?? "a changé le nom ou la place"} ${organisation(said)}.` },
  "identity.password.change": {
    label: "Changer de mot de passe",
    tell: (said) => `${said.who} a choisi un nouveau mot de passe${said.word("by") === "link" ? " par un lien reçu par courriel" : ""}${S}: ${several(said.count("sessions"), "autre session fermée", "autres sessions fermées")}.`,
  },
  "identity.provider.amend": { label: "Changer un fournisseur", tell: (said) => `${said.who} a changé ${provider(said)}.` },
  "identity.provider.create": { label: "Ajouter un fournisseur", tell: (said) => `${said.who} a ajouté ${provider(said)}, pas encore ouvert aux agents.` },
  "identity.provider.disable": { label: "Fermer un fournisseur", tell: (said) => `${said.who} a fermé ${provider(said)}${S}: personne ne se connecte plus par lui.` },
  "identity.provider.enable": { label: "Ouvrir un fournisseur", tell: (said) => `${said.who} a ouvert ${provider(said)} aux agents.` },
  "identity.provider.try": { label: "Essayer un fournisseur", tell: (said) => `${said.who} a essayé ${provider(said)} avec son propre compte.` },
  "identity.refresh.reuse": {
    label: "Jeton de renouvellement rejoué",
    tell: (said) => `Le jeton de renouvellement donné à ${client(said)} pour ${said.who} a servi deux fois${S}: ce qu’il avait ouvert a été refermé.`,
  },
  "identity.role.grant": { label: "Donner un rôle", tell: (said) => `${said.who} a donné à ${whose(said)} le rôle ${role(said)}.` },
  "identity.role.revoke": { label: "Retirer un rôle", tell: (said) => `${said.who} a retiré à ${whose(said)} le rôle ${role(said)}.` },
  "identity.session.end": {
    label: "Fermer une session",
    tell: (said) => (said.word("reason") === "account-removed" ? "Une session a été fermée avec le compte qui l’avait ouverte." : `${said.who} ${ENDS[said.word("reason")] ?? "a fermé une session"}.`),
  },
  "identity.session.open": {
    label: "Se connecter",
    tell: (said) => {
      const by = said.named("provider") ?? said.what;
      const through = by === undefined ? "" : ` par ${withArticle(by)}`;
      return said.done ? `${said.who} a ouvert une session${through}.` : `Une connexion${through} a été refusée${refusal(said.word("reason"))}.`;
    },
  },
  "identity.token.make": { label: "Faire un jeton d’accès", tell: (said) => `${said.who} a fait ${token(said)} pour qu’un programme parle en son nom.` },
  "identity.token.revoke": { label: "Révoquer un jeton d’accès", tell: (said) => `${said.who} a révoqué ${token(said)}${said.what === said.who ? "" : ` ${ofAgent(said)}`}.` },
  "portal.announcement.changed": { label: "Changer une annonce", tell: (said) => `${said.who} a changé ${announcement(said)}.` },
  "portal.announcement.created": { label: "Écrire une annonce", tell: (said) => `${said.who} a écrit ${announcement(said)}, pas encore publiée.` },
  "portal.announcement.published": { label: "Publier une annonce", tell: (said) => `${said.who} a publié ${announcement(said)}.` },
  "portal.announcement.withdrawn": { label: "Retirer une annonce", tell: (said) => `${said.who} a retiré ${announcement(said)}.` },
  "portal.notice.clear": { label: "Lever une perturbation", tell: (said) => `${said.who} a annoncé que ${tool(said)} fonctionne de nouveau.` },
  "portal.notice.set": { label: "Signaler une perturbation", tell: (said) => `${said.who} a signalé une perturbation sur ${tool(said)}.` },
  "portal.request.approve": { label: "Accepter une demande", tell: (said) => `${said.who} a accepté ${request(said)}.` },
  "portal.request.create": { label: "Faire une demande", tell: (said) => `${said.who} a fait ${request(said)}.` },
  "portal.request.refuse": { label: "Refuser une demande", tell: (said) => `${said.who} a refusé ${request(said)}.` },
  "portal.request.withdraw": { label: "Retirer une demande", tell: (said) => `${said.who} a retiré ${request(said)}.` },
  "portal.search_source.end": { label: "Quitter la recherche", tell: (said) => `${thing("L’application", said.what, "Une application")} ne répond plus dans la recherche.` },
  "portal.search_source.register": { label: "Rejoindre la recherche", tell: (said) => `${thing("L’application", said.what, "Une application")} répond désormais dans la recherche.` },
  "portal.tool.application": { label: "Brancher un outil", tell: (said) => `${said.who} a branché ${tool(said)} sur la connexion et reçu un secret.` },
  "portal.tool.create": { label: "Préparer un outil", tell: (said) => `${said.who} a préparé ${tool(said)}, pas encore publié.` },
  "portal.tool.delete": { label: "Supprimer un outil", tell: (said) => `${said.who} a supprimé ${tool(said)}.` },
  "portal.tool.disconnect": { label: "Débrancher un outil", tell: (said) => `${said.who} a débranché ${tool(said)} de la connexion${S}: les jetons de son application n’ouvrent plus rien.` },
  "portal.tool.edit": { label: "Changer un outil", tell: (said) => `${said.who} a changé ${tool(said)}.` },
  "portal.tool.publish": { label: "Publier un outil", tell: (said) => `${said.who} a publié ${tool(said)} pour ${several(said.count("agents"), "agent", "agents")}.` },
  "portal.tool.withdraw": { label: "Retirer un outil", tell: (said) => `${said.who} a retiré ${tool(said)} de l’accueil des agents.` },
  "system.backup.make": { label: "Faire une sauvegarde", tell: () => "Une sauvegarde de la plateforme a été faite par l’exploitant." },
  "system.backup.restore": { label: "Restaurer une sauvegarde", tell: () => "Une sauvegarde de la plateforme a été restaurée par l’exploitant." },
  "system.key.abandon": { label: "Renoncer à une clé maîtresse perdue", tell: () => "L’exploitant a renoncé à une clé maîtresse perdue, et aux secrets qu’elle protégeait." },
  "system.key.reseal": { label: "Protéger les secrets par la nouvelle clé maîtresse", tell: () => "Les secrets de la plateforme ont été placés par l’exploitant sous la nouvelle clé maîtresse." },
  "system.key.switch": { label: "Changer de clé maîtresse", tell: () => "La plateforme protège désormais ses secrets par une autre clé maîtresse." },
};
