import { lazy, Suspense, useRef, useState } from "react";
import { NavLink } from "react-router";

import { useSession } from "../../features/identity/index.ts";
import { useSite } from "../../features/portal/index.ts";
import { useTexts } from "../../i18n/dictionary.ts";
import { Brand, Icon, IconButton } from "../../ui/index.ts";
import { LanguageSwitch } from "../LanguageSwitch.tsx";
import { Layout } from "../Layout.tsx";
import { texts as shell } from "../texts.ts";
import { texts } from "./texts.ts";

const DisplaySettings = lazy(() => import("../DisplaySettings.tsx"));

/** What stands around the pages of a provider: no search, no notices, since there is no portal. */
export function Frame() {
  return <Layout bar={<Bar />} rail={<Rail />} />;
}

/** The provider's name, the language and the display settings. */
function Bar() {
  const t = useTexts(shell);
  const site = useSite().data;
  const organisation = useSession().data?.agent.organisation.label ?? site?.organisationLine;
  const name = site?.name ?? "Besace";
  // A ministry's provider bears its name already.
  const beside = organisation === name ? undefined : (organisation ?? undefined);
  const label = beside === undefined ? name : `${name} ${beside}`;
  const [settings, setSettings] = useState<"never" | "open" | "closed">("never");
  const opener = useRef<HTMLButtonElement>(null);
  return (
    <header className="bs-bar bs-bar--guest">
      <a className="bs-brand" href="/compte" aria-label={label}>
        <Brand />
        {/* The name gives way before what can be pressed. */}
        <b className="bs-wide-only">{name}</b>
        {beside === undefined ? null : <small className="bs-wide-only">{beside}</small>}
      </a>
      <div className="bs-bar__end">
        <LanguageSwitch />
        <IconButton ref={opener} label={t.settings} aria-haspopup="dialog" onClick={() => setSettings("open")}>
          <Icon name="theme-fill" />
        </IconButton>
      </div>
      {settings === "never" ? null : (
        <Suspense>
          <DisplaySettings open={settings === "open"} opener={opener} onClose={() => setSettings("closed")} />
        </Suspense>
      )}
    </header>
  );
}

/** The administration, and the reader's own account, whose pages the server draws. */
function Rail() {
  const t = useTexts(shell);
  const own = useTexts(texts);
  return (
    <nav className="bs-rail" aria-label={t.rail}>
      <ul className="bs-list">
        <li>
          <a href="/compte" aria-label={own.accountLong}>
            <Icon name="user-line" />
            {own.account}
          </a>
        </li>
        <li className="bs-rail__foot">
          <NavLink to="/administration" aria-label={t.adminLong}>
            <Icon name="settings-5-fill" />
            {t.admin}
          </NavLink>
        </li>
      </ul>
    </nav>
  );
}
