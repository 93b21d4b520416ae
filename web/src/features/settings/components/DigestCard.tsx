import { useTexts } from "../../../i18n/dictionary.ts";
import { Select, TextField } from "../../../ui/index.ts";
import type { Settings } from "../api/settings.ts";
import { texts } from "../texts.ts";

interface CardProps {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
}

/** One mail for what was not read. */
export function DigestCard({ settings: { digest, digestAt }, change }: CardProps) {
  const t = useTexts(texts);
  const words: Record<Settings["digest"], string> = { none: t.digestNone, daily: t.digestDaily, weekly: t.digestWeekly };
  const choices = (["none", "daily", "weekly"] as const).map((value) => ({ value, label: words[value] }));
  return (
    <section className="bs-card" aria-labelledby="digest">
      <h2 id="digest">{t.digestTitle}</h2>
      <p>{t.digestText}</p>
      <div className="bs-2col">
        <Select
          label={t.digest}
          value={digest}
          choices={choices}
          onChange={(chosen) => {
            const next = choices.find(({ value }) => value === chosen);
            if (next !== undefined) change({ digest: next.value });
          }}
        />
        {digest === "none" ? null : (
          <TextField
            key={digestAt}
            label={t.digestAt}
            type="time"
            defaultValue={digestAt}
            onBlur={({ target }) => {
              if (/^\d\d:\d\d$/.test(target.value) && target.value !== digestAt) change({ digestAt: target.value });
            }}
          />
        )}
      </div>
    </section>
  );
}
