import { useState } from "react";
import { NavLink } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { SelectField } from "../../../ui/forms.ts";
import { Count, Icon, type IconName } from "../../../ui/index.ts";
import { texts } from "../texts.ts";
import { BASE } from "./AdminPage.tsx";
import { useScope } from "./scope.ts";

export interface Entry {
  to: string;
  label: string;
  icon: IconName;
  count?: number;
}

interface MenuFrameProps {
  work: readonly Entry[];
  trust?: readonly Entry[];
}

const NONE = [] as const;

/** A menu of the administration, with the choice of whom one acts for. On a narrow screen, behind a button. */
export function MenuFrame({ work, trust = NONE }: MenuFrameProps) {
  const t = useTexts(texts);
  const { current, mine, choose } = useScope();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
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
        {trust.length === 0 ? null : (
          <>
            <h2>{t.trust}</h2>
            <Entries entries={trust} onGo={close} />
          </>
        )}
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
