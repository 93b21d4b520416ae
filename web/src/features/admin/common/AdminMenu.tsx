import { useState } from "react";
import { NavLink } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { SelectField } from "../../../ui/forms.ts";
import { Count, Icon, type IconName } from "../../../ui/index.ts";
import { usePendingRequests } from "../requests/pendingRequests.ts";
import { texts } from "../texts.ts";
import { BASE } from "./AdminPage.tsx";
import { useScope } from "./scope.ts";

interface Entry {
  to: string;
  label: string;
  icon: IconName;
  count?: number;
}

/** The parts of the administration that the grants open. On a narrow screen, behind a button. */
export function AdminMenu() {
  const t = useTexts(texts);
  const { current, mine, choose, may } = useScope();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const administrator = may("administrator");
  const pending = usePendingRequests(administrator);

  const work: Entry[] = administrator
    ? [
        { to: "", label: t.overview, icon: "dashboard-3-line" },
        { to: "/outils", label: t.tools, icon: "layout-grid-line" },
        { to: "/demandes", label: t.requests, icon: "chat-check-line", count: pending },
        { to: "/annonces", label: t.announcements, icon: "megaphone-line" },
        { to: "/agents", label: t.agents, icon: "team-line" },
        { to: "/invites", label: t.guests, icon: "user-line" },
      ]
    : [{ to: "/annonces", label: t.announcements, icon: "megaphone-line" }];
  const trust: Entry[] = administrator
    ? [
        { to: "/organisation", label: t.organisation, icon: "bank-line" },
        { to: "/fournisseurs", label: t.providers, icon: "shield-line" },
        { to: "/journal", label: t.journal, icon: "file-text-line" },
      ]
    : [];

  return (
    <nav className="bs-admin__nav" aria-label={t.menu}>
      <button type="button" className="bs-admin__toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t.menu}
        <Icon name="arrow-down-s-line" />
      </button>
      <div className="bs-admin__menu">
        {mine.length > 1 ? (
          <SelectField
            quiet
            label={t.actingFor}
            value={current.id}
            options={mine.map(({ id, label }) => ({ value: id, label }))}
            onChange={choose}
          />
        ) : (
          <h2>{current.label}</h2>
        )}
        <Entries entries={work} onGo={close} />
        {trust.length === 0 ? null : <h2>{t.trust}</h2>}
        <Entries entries={trust} onGo={close} />
      </div>
    </nav>
  );
}

function Entries({ entries, onGo }: { entries: readonly Entry[]; onGo: () => void }) {
  const t = useTexts(texts);
  return (
    <ul className="bs-list">
      {entries.map(({ to, label, icon, count = 0 }) => (
        <li key={to}>
          <NavLink to={`${BASE}${to}`} end={to === ""} onClick={onGo}>
            <Icon name={icon} />
            {label}
            <Count value={count} label={t.waiting} />
          </NavLink>
        </li>
      ))}
    </ul>
  );
}
