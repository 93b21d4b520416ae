/**
 * The icons of the first sprite, by their name in the State's set without prefix: those of the
 * interface, then those that tiles use most. Names are checked at build.
 */
export const ICONS = [
  // The interface.
  "home-4-line", "home-4-fill", "layout-grid-line", "layout-grid-fill", "theme-fill",
  "search-line", "close-line", "clipboard-line", "check-line", "cloud-off-line", "wifi-off-line",
  "logout-box-r-line", "question-line", "customer-service-line", "map-pin-2-line",
  "notification-3-line", "star-line", "star-fill", "alert-line", "alert-fill", "megaphone-line",
  "arrow-up-line", "arrow-down-line", "arrow-go-back-line", "skip-up-line", "time-line", "team-fill",
  "settings-5-fill", "add-line", "translate-2", "information-line", "drag-move-2-line", "mail-open-line",
  "sun-line", "moon-line", "computer-line", "building-line", "phone-line", "mail-line",
  // Tiles.
  "chat-3-line", "vidicon-line", "vidicon-fill", "send-plane-line", "folder-2-line",
  "calendar-event-line", "quill-pen-line", "survey-line", "team-line", "draft-line",
  "road-map-line", "alarm-warning-line", "scales-3-line", "server-line", "train-line",
  "book-2-line", "money-euro-circle-line", "file-text-line", "database-line", "bar-chart-box-line",
  "global-line", "user-line", "lock-line", "settings-5-line",
  // Administration, forms and tables.
  "dashboard-3-line", "megaphone-line", "bank-line", "shield-line", "chat-check-line",
  "add-line", "subtract-line", "delete-bin-line", "upload-2-line", "download-line", "time-line",
  "alert-line", "information-line", "error-warning-line", "checkbox-circle-fill", "eye-line",
  "external-link-line", "arrow-down-s-line", "stethoscope-line", "virus-line",
] as const;

/** An icon that every page may draw. */
export type IconName = (typeof ICONS)[number];
