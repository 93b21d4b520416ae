import { useTexts } from "../../../i18n/dictionary.ts";
import { chooseLocale, useLocale } from "../../../i18n/locale.ts";
import { matches } from "../../../lib/fold.ts";
import { chooseTheme, useTheme } from "../../../lib/preferences/theme.ts";
import { tilesOf, useHome } from "../../portal/index.ts";
import { texts } from "../texts.ts";
import type { Found } from "./useSearch.ts";

/** One line that can be chosen. */
export interface Option {
  readonly key: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly icon: string;
  /** Where it leads; none: it does something here. */
  readonly link: string | undefined;
  readonly act: (() => void) | undefined;
  /** The tool that it opens, by the id of its tile. */
  readonly tool?: string | undefined;
}

export interface Group {
  readonly key: string;
  readonly title: string;
  readonly options: readonly Option[];
}

const ICONS: Readonly<Record<string, string>> = {
  tools: "layout-grid-line",
  people: "user-line",
  announcements: "megaphone-line",
};
/** Of each source at most: the palette is for what is meant, not for browsing. */
const HITS_A_SOURCE = 6;

/** What the shell does for the palette. */
interface Acts {
  readonly signOut: () => void;
  readonly showKeys: () => void;
}

/** What can be chosen for what was typed: results by source, then commands. */
export function useOptions(typed: string, found: Found, acts: Acts): readonly Group[] {
  const t = useTexts(texts);
  const commands = useCommands(acts);
  const home = useHome().data;
  const words = typed.trim();
  const groups: Group[] = [];

  if (words === "" && home !== undefined) {
    const options = tilesOf(home.recents, home).map(({ tile }) => ({
      key: `recent/${tile.id}`,
      title: tile.name,
      detail: tile.description,
      icon: tile.icon,
      link: tile.url,
      act: undefined,
      tool: tile.id,
    }));
    groups.push({ key: "recents", title: t.recents, options });
  }
  if (words !== "") {
    for (const { source, title, hits } of found.sources) {
      const options = hits.slice(0, HITS_A_SOURCE).map((hit) => ({
        key: `${source}/${hit.id}`,
        title: hit.title,
        detail: hit.detail ?? undefined,
        icon: hit.icon ?? ICONS[source] ?? "search-line",
        link: hit.link,
        act: undefined,
        tool: source === "tools" ? hit.id : undefined,
      }));
      groups.push({ key: source, title, options });
    }
  }
  groups.push({
    key: "commands",
    title: t.commands,
    options: words === "" ? commands : commands.filter(({ title }) => matches(words, title)),
  });
  return groups.filter(({ options }) => options.length > 0);
}

function act(key: string, title: string, detail: string, icon: string, does: () => void): Option {
  return { key, title, detail, icon, link: undefined, act: does };
}

/** What the palette does by itself. */
function useCommands({ signOut, showKeys }: Acts): readonly Option[] {
  const t = useTexts(texts);
  const locale = useLocale();
  useTheme();
  const dark = document.documentElement.getAttribute("data-fr-theme") === "dark";
  const page = (to: string, title: string, icon: string): Option => ({ key: `page${to}`, title, detail: t.goTo, icon, link: to, act: undefined });
  return [
    page("/", t.home, "home-4-line"),
    page("/outils", t.tools, "layout-grid-line"),
    page("/outils/demander", t.askTool, "add-line"),
    page("/annuaire", t.directory, "team-line"),
    page("/annonces", t.announcements, "megaphone-line"),
    page("/notifications", t.notifications, "notification-3-line"),
    page("/reglages", t.settings, "settings-5-line"),
    act("theme", dark ? t.light : t.dark, t.onThisBrowser, dark ? "sun-line" : "moon-line", () => chooseTheme(dark ? "light" : "dark")),
    act("language", t.otherLanguage, t.onThisBrowser, "translate-2", () => chooseLocale(locale === "fr" ? "en" : "fr")),
    act("keys", t.keys, t.keysHint, "question-line", showKeys),
    act("sign-out", t.signOut, t.signOutHint, "logout-box-r-line", signOut),
  ];
}
