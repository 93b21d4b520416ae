import { NavLink } from "react-router";

import { useTexts } from "../i18n/dictionary.ts";
import { Icon } from "../ui/index.ts";
import { texts } from "./texts.ts";

/** The tools of the house. What the reader may not use, or does not exist, is absent. */
export function Rail() {
  const t = useTexts(texts);
  return (
    <nav className="bs-rail" aria-label={t.rail}>
      <ul className="bs-list">
        <li>
          <NavLink to="/" end>
            {({ isActive }) => (
              <>
                <Icon name={isActive ? "home-4-fill" : "home-4-line"} />
                {t.home}
              </>
            )}
          </NavLink>
        </li>
        <li>
          <NavLink to="/outils" aria-label={t.toolsLong}>
            {({ isActive }) => (
              <>
                <Icon name={isActive ? "layout-grid-fill" : "layout-grid-line"} />
                {t.tools}
              </>
            )}
          </NavLink>
        </li>
      </ul>
    </nav>
  );
}
