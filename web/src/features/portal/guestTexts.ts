import { dictionary } from "../../i18n/dictionary.ts";

/** A guest's home: apart, so that nobody else's page carries it. */
export const texts = dictionary(
  {
    hello: (name: string) => `Bonjour ${name}`,
    yourInvitations: "Qui vous invite",
    invitedBy: (name: string, place: string) => `${name}, ${place}`,
    invitedFrom: (place: string) => `Un agent, ${place}`,
    invitedUntil: (day: string) => `Jusqu’au ${day}, ou plus tôt si l’accès est fermé`,
    sharedTools: "Ce qui est partagé avec vous",
    nothingShared: "Aucun outil n’est partagé en ce moment",
    nothingSharedText: "Demandez à qui vous invite. Rien de ce que vous avez fait n’est perdu.",
  },
  {
    hello: (name: string) => `Hello ${name}`,
    yourInvitations: "Who invites you",
    invitedBy: (name: string, place: string) => `${name}, ${place}`,
    invitedFrom: (place: string) => `An agent, ${place}`,
    invitedUntil: (day: string) => `Until ${day}, or earlier if the access is closed`,
    sharedTools: "What is shared with you",
    nothingShared: "No tool is shared at the moment",
    nothingSharedText: "Ask whoever invites you. Nothing of what you did is lost.",
  },
);
