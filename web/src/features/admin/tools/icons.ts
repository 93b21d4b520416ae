import type { IconName } from "../../../ui/index.ts";

/** The drawings offered for a tile, with their names in both languages. */
export const TILE_ICONS: readonly { icon: IconName; fr: string; en: string }[] = [
  { icon: "scales-3-line", fr: "Balance", en: "Scales" },
  { icon: "file-text-line", fr: "Document", en: "Document" },
  { icon: "road-map-line", fr: "Carte", en: "Map" },
  { icon: "stethoscope-line", fr: "Santé", en: "Health" },
  { icon: "alarm-warning-line", fr: "Alerte", en: "Alert" },
  { icon: "quill-pen-line", fr: "Plume", en: "Quill" },
  { icon: "bank-line", fr: "Bâtiment", en: "Building" },
  { icon: "virus-line", fr: "Virus", en: "Virus" },
  { icon: "server-line", fr: "Serveur", en: "Server" },
  { icon: "calendar-event-line", fr: "Calendrier", en: "Calendar" },
  { icon: "chat-3-line", fr: "Discussion", en: "Chat" },
  { icon: "team-line", fr: "Équipe", en: "Team" },
  { icon: "survey-line", fr: "Enquête", en: "Survey" },
  { icon: "train-line", fr: "Train", en: "Train" },
  { icon: "book-2-line", fr: "Livre", en: "Book" },
  { icon: "money-euro-circle-line", fr: "Euro", en: "Euro" },
  { icon: "database-line", fr: "Base de données", en: "Database" },
  { icon: "bar-chart-box-line", fr: "Graphique", en: "Chart" },
  { icon: "folder-2-line", fr: "Dossier", en: "Folder" },
  { icon: "global-line", fr: "Globe", en: "Globe" },
];
