import { useState } from "react";

import { fullMoment, hourOf } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { usePresent } from "../../../lib/hooks.ts";
import { Button, Switch } from "../../../ui/index.ts";
import { type Settings, tomorrowAtSeven } from "../api/settings.ts";
import { texts } from "../texts.ts";
import { Week } from "./Week.tsx";
import { WeekEditor } from "./WeekEditor.tsx";

interface CardProps {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
}

/** The right to disconnect: the week, a silence for tonight, and what may pass. */
export function QuietCard({ settings, change }: CardProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const [editing, setEditing] = useState(false);
  const now = usePresent();
  const { quietHours, muteUntil, allowUrgent, zone } = settings;
  const muted = muteUntil != null && muteUntil > now;
  return (
    <section className="bs-card" aria-labelledby="quiet">
      <h2 id="quiet">{t.quietTitle}</h2>
      <p>{t.quietText}</p>
      {editing ? (
        <WeekEditor days={quietHours.days} onChange={(days) => change({ quietHours: { days } })} />
      ) : (
        <Week days={quietHours.days} />
      )}
      <div className="bs-settings__actions">
        <Button small aria-expanded={editing} onClick={() => setEditing(!editing)}>
          {editing ? t.finish : t.edit}
        </Button>
        {muted ? (
          <>
            <span className="bs-small">{t.muted(fullMoment(muteUntil, zone, locale))}</span>
            <Button small kind="plain" onClick={() => change({ muteUntil: null })}>
              {t.unmute}
            </Button>
          </>
        ) : (
          <Button small kind="plain" onClick={() => change({ muteUntil: tomorrowAtSeven(Date.now(), zone) })}>
            {t.mute(hourOf("07:00", locale))}
          </Button>
        )}
      </div>
      <Switch label={t.urgent} hint={t.urgentHint} checked={allowUrgent} onChange={(allow) => change({ allowUrgent: allow })} />
    </section>
  );
}
