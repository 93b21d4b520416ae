import { useRef, useState } from "react";
import { Link } from "react-router";

import { AccountMenu, useSession } from "../features/identity/index.ts";
import { useSite } from "../features/portal/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { Badge, Brand, Icon, IconButton } from "../ui/index.ts";
import { DisplaySettings } from "./DisplaySettings.tsx";
import { LanguageSwitch } from "./LanguageSwitch.tsx";
import { texts } from "./texts.ts";

/** The bar: brand and administration, then language, display settings and account. */
export function TopBar() {
  const t = useTexts(texts);
  const site = useSite().data;
  const organisation = useSession().data?.agent.organisation.label ?? site?.organisationLine;
  const [settings, setSettings] = useState(false);
  const opener = useRef<HTMLElement>(null);
  const account = useRef<HTMLButtonElement>(null);
  const settingsButton = useRef<HTMLButtonElement>(null);

  const openFrom = (control: HTMLElement | null) => {
    opener.current = control;
    setSettings(true);
  };

  return (
    <header className="bs-bar">
      <Link className="bs-brand" to="/">
        <Brand />
        <b>{site?.name ?? "Besace"}</b>
        {organisation ? <small>{organisation}</small> : null}
        {site?.demo ? <Badge>{t.demo}</Badge> : null}
      </Link>
      <div className="bs-bar__end">
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
      <DisplaySettings open={settings} opener={opener} onClose={() => setSettings(false)} />
    </header>
  );
}
