import { useState } from "react";

import "../../../ui/styles/settings.css";

import { browserZone, clockTime } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { Button, ListShape, Placeholder } from "../../../ui/index.ts";
import { useChangeSettings, useSettings } from "../api/settings.ts";
import { DigestCard } from "../components/DigestCard.tsx";
import { LanguageCard, ThemeCard } from "../components/DisplayCards.tsx";
import { QuietCard } from "../components/QuietCard.tsx";
import { SourcesCard } from "../components/SourcesCard.tsx";
import { texts } from "../texts.ts";

/** `/reglages`: each setting applies at once, and the page says when the last one was kept. */
export default function SettingsPage() {
  const t = useTexts(texts);
  const locale = useLocale();
  useDocumentTitle(t.title);
  const [savedAt, setSavedAt] = useState<number>();
  const { data, error, refetch } = useSettings();
  const { mutate: change } = useChangeSettings({
    done: (outcome) => {
      setSavedAt(Date.now());
      if (outcome === "merged") tell(t.merged);
    },
    failed: () => tellFailure(t.failed),
  });
  const settings = data?.data;
  const zone = settings?.zone ?? browserZone();

  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.title}</h1>
        <p role="status">{savedAt === undefined ? t.intro : t.savedAt(clockTime(savedAt, zone, locale))}</p>
      </div>
      <div className="bs-cols bs-settings">
        <div>
          {settings === undefined && error === null ? <ListShape label={t.loading} /> : null}
          {settings === undefined && error !== null ? (
            <Placeholder icon="cloud-off-line" tone="error" title={t.errorTitle}>
              <p>{t.errorText}</p>
              <div className="bs-actions">
                <Button onClick={() => void refetch()}>{t.retry}</Button>
              </div>
            </Placeholder>
          ) : null}
          {settings === undefined ? null : <QuietCard settings={settings} change={change} />}
          {settings === undefined ? null : <SourcesCard settings={settings} change={change} />}
        </div>
        <div>
          {settings === undefined ? null : <DigestCard settings={settings} change={change} />}
          <ThemeCard />
          <LanguageCard settings={settings} change={change} />
        </div>
      </div>
    </>
  );
}
