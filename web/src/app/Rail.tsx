import { NavLink } from "react-router";

import { useSession } from "../features/identity/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { Icon, type IconName } from "../ui/index.ts";
import { preload } from "./pages.ts";
import { texts } from "./texts.ts";

interface ItemProps {
  to: string;
  label: string;
  /** Said in full where the label is short; it begins with or holds the label. */
  long?: string;
  icon: IconName;
  filled: IconName;
  foot?: boolean;
}

/** The tools of the house. What the reader may not use, or does not exist, is absent. */
export function Rail() {
  const t = useTexts(texts);
  const session = useSession().data;
  const grants = session?.grants ?? [];
  const guest = session?.guest !== undefined;
  // Also when the roles wait for a stronger sign-in: the page says how.
  const administers = grants.length > 0 || session?.rolesNeed !== undefined;
  return (
    <nav className="bs-rail" aria-label={t.rail}>
      <ul className="bs-list">
        <Item to="/" label={t.home} icon="home-4-line" filled="home-4-fill" />
        {guest ? null : (
          <>
            <Item to="/annuaire" label={t.directory} icon="team-line" filled="team-fill" />
            <Item to="/outils" label={t.tools} long={t.toolsLong} icon="layout-grid-line" filled="layout-grid-fill" />
          </>
        )}
        {administers ? (
          <Item to="/administration" label={t.admin} long={t.adminLong} icon="settings-5-line" filled="settings-5-fill" foot />
        ) : null}
      </ul>
    </nav>
  );
}

function Item({ to, label, long, icon, filled, foot = false }: ItemProps) {
  return (
    <li className={foot ? "bs-rail__foot" : undefined}>
      <NavLink to={to} end={to === "/"} aria-label={long} onPointerEnter={() => preload(to)} onFocus={() => preload(to)}>
        {({ isActive }) => (
          <>
            <Icon name={isActive ? filled : icon} />
            {label}
          </>
        )}
      </NavLink>
    </li>
  );
}
