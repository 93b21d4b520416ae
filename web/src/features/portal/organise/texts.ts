import { dictionary } from "../../../i18n/dictionary.ts";

export const texts = dictionary(
  {
    how: "Déplacez chaque outil avec ses boutons, avec Alt et les flèches, ou en le faisant glisser. L’ordre est gardé aussitôt.",
    first: (name: string) => `Mettre ${name} en premier`,
    up: (name: string) => `Monter ${name}`,
    down: (name: string) => `Descendre ${name}`,
    remove: (name: string) => `Retirer ${name} des favoris`,
    movedTo: (name: string, place: number, count: number) => `${name} est en position ${place} sur ${count}`,
    removed: (name: string) => `${name} n’est plus dans vos favoris`,
    done: "Terminer",
  },
  {
    how: "Move each tool with its buttons, with Alt and the arrows, or by dragging it. The order is kept at once.",
    first: (name: string) => `Put ${name} first`,
    up: (name: string) => `Move ${name} up`,
    down: (name: string) => `Move ${name} down`,
    remove: (name: string) => `Remove ${name} from favourites`,
    movedTo: (name: string, place: number, count: number) => `${name} is number ${place} of ${count}`,
    removed: (name: string) => `${name} is no longer among your favourites`,
    done: "Finish",
  },
);
