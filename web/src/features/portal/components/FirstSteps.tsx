import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Icon, type IconName } from "../../../ui/index.ts";
import { texts } from "../texts.ts";

interface Step {
  readonly key: "favourites" | "silence" | "directory";
  readonly icon: IconName;
  readonly colours: string;
  readonly to: string;
}

/** What is worth doing on the first day, a minute each, in this order. */
export const STEPS: readonly Step[] = [
  { key: "favourites", icon: "star-line", colours: "c-brand", to: "/outils" },
  { key: "silence", icon: "moon-line", colours: "c-plum", to: "/reglages" },
  { key: "directory", icon: "team-line", colours: "c-blue", to: "/annuaire" },
];

/** The steps of the first day, as the first lines of *Maintenant*. */
export function FirstSteps() {
  const t = useTexts(texts);
  return STEPS.map(({ key, icon, colours, to }, index) => (
    <li key={key} className={index === 0 ? "bs-now__first" : undefined}>
      <span className="bs-now__when">
        {index === 0 ? (
          <>
            <b>{t.step(1)}</b>
            {t.oneMinute}
          </>
        ) : (
          t.stepAndTime(index + 1)
        )}
      </span>
      <span className={`bs-square ${colours}`}>
        <Icon name={icon} />
      </span>
      <div>
        <p>
          <b>{t[`${key}Step`]}</b>
        </p>
        <p>{t[`${key}StepText`]}</p>
      </div>
      <Link className={index === 0 ? "fr-btn" : "fr-btn fr-btn--secondary fr-btn--sm"} to={to}>
        {t[`${key}StepAction`]}
      </Link>
    </li>
  ));
}
