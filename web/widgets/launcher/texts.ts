// What the launcher says, in both languages.

export type Lang = "fr" | "en";

const FR = {
  open: "Services numériques",
  list: "Vos services",
  loading: "Chargement des services…",
  empty: "Aucun service à afficher.",
  failed: "La liste des services est indisponible.",
  retry: "Réessayer",
  more: (count: number) => (count === 1 ? "Afficher 1 autre service" : `Afficher ${count} autres services`),
  newWindow: "nouvelle fenêtre",
  beta: "Bêta",
  new: "Nouveau",
};

export type Texts = typeof FR;

const EN: Texts = {
  open: "Digital services",
  list: "Your services",
  loading: "Loading services…",
  empty: "No service to show.",
  failed: "The list of services is unavailable.",
  retry: "Try again",
  more: (count) => (count === 1 ? "Show 1 more service" : `Show ${count} more services`),
  newWindow: "new window",
  beta: "Beta",
  new: "New",
};

export function textsOf(lang: Lang): Texts {
  return lang === "en" ? EN : FR;
}

/** The first of these tags that is a language of ours; French when none is. */
export function langOf(...tags: readonly (string | null | undefined)[]): Lang {
  for (const tag of tags) {
    const primary = tag?.trim().toLowerCase().split(/[-_]/)[0];
    if (primary === "fr" || primary === "en") return primary;
  }
  return "fr";
}
