import { lazy, type RefObject, Suspense, useRef, useState } from "react";
import { Link } from "react-router";

import { AccountMenu, useSession } from "../features/identity/index.ts";
import { useUnread } from "../features/inbox/index.ts";
import { useSite } from "../features/portal/index.ts";
import { preloadPalette } from "../features/search/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { Badge, Brand, Count, Icon, IconButton } from "../ui/index.ts";
import { LanguageSwitch } from "./LanguageSwitch.tsx";
import { texts } from "./texts.ts";

const DisplaySettings = lazy(() => import("./DisplaySettings.tsx"));

interface TopBarProps {
  searchButton: RefObject<HTMLButtonElement | null>;
  onSearch: () => void;
}

/** The bar: brand and administration, search, then notifications, language, display settings and account. */
export function TopBar({ searchButton, onSearch }: TopBarProps) {
  const t = useTexts(texts);
  const site = useSite().data;
  const session = useSession().data;
  const guest = session?.guest !== undefined;
  const organisation = guest ? t.guest : (session?.agent.organisation.label ?? site?.organisationLine);
  const [settings, setSettings] = useState<"never" | "open" | "closed">("never");
  const opener = useRef<HTMLElement>(null);
  const account = useRef<HTMLButtonElement>(null);
  const settingsButton = useRef<HTMLButtonElement>(null);

  const openFrom = (control: HTMLElement | null) => {
    opener.current = control;
    setSettings("open");
  };

  return (
    <header className={guest ? "bs-bar bs-bar--guest" : "bs-bar"}>
      <Link className="bs-brand" to="/">
        <Brand />
        <b>{site?.name ?? "Besace"}</b>
        {organisation ? <small>{organisation}</small> : null}
        {site?.demo ? <Badge>{t.demo}</Badge> : null}
      </Link>
      {guest ? null : (
        <button
          ref={searchButton}
          type="button"
          className="bs-search"
          aria-haspopup="dialog"
          aria-keyshortcuts="Control+K"
          onClick={onSearch}
          onPointerEnter={preloadPalette}
          onFocus={preloadPalette}
        >
          <Icon name="search-line" />
          <span>{t.search}</span>
          <kbd className="bs-kbd" aria-hidden="true">
            Ctrl
          </kbd>
          <kbd className="bs-kbd" aria-hidden="true">
            K
          </kbd>
        </button>
      )}
      <div className="bs-bar__end">
        <Bell />
        <LanguageSwitch wideOnly />
        <IconButton
          ref={settingsButton}
          wideOnly
          label={t.settings}
          aria-haspopup="dialog"
          onClick={() => openFrom(settingsButton.current)}
        >
          <Icon name="theme-fill" />
        </IconButton>
        <AccountMenu opener={account}>
          <div className="bs-account-rows bs-narrow-only">
            <div className="bs-menu-row">
              {t.language}
              <LanguageSwitch />
            </div>
            <button type="button" className="bs-menu-row" aria-haspopup="dialog" onClick={() => openFrom(account.current)}>
              <Icon name="theme-fill" />
              {t.settings}
            </button>
          </div>
        </AccountMenu>
      </div>
      {settings === "never" ? null : (
        <Suspense>
          <DisplaySettings open={settings === "open"} opener={opener} onClose={() => setSettings("closed")} />
        </Suspense>
      )}
    </header>
  );
}

/** The way to the notifications, and how many are unread. */
function Bell() {
  const t = useTexts(texts);
  const unread = useUnread() ?? 0;
  return (
    <Link className="bs-icon-btn" to="/notifications" aria-label={t.notifications(unread)}>
      <Icon name="notification-3-line" />
      <Count value={unread} />
    </Link>
  );
}
