import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { SelectField, TextField } from "../../../ui/forms.ts";
import type { Settings } from "../api/settings.ts";
import { texts } from "../texts.ts";

interface CardProps {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
}

/** One mail for what was not read. */
export function DigestCard({ settings: { digest, digestAt }, change }: CardProps) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState<string>();
  // Half of an hour typed is none.
  const give = () => {
    setTyped(undefined);
    if (typed !== undefined && /^\d\d:\d\d$/.test(typed) && typed !== digestAt) change({ digestAt: typed });
  };
  const words: Record<Settings["digest"], string> = { none: t.digestNone, daily: t.digestDaily, weekly: t.digestWeekly };
  const choices = (["none", "daily", "weekly"] as const).map((value) => ({ value, label: words[value] }));
  return (
    <section className="bs-card" aria-labelledby="digest">
      <h2 id="digest">{t.digestTitle}</h2>
      <p>{t.digestText}</p>
      <div className="bs-2col">
        <SelectField
          label={t.digest}
          value={digest}
          options={choices}
          onChange={(chosen) => {
            const next = choices.find(({ value }) => value === chosen);
            if (next !== undefined) change({ digest: next.value });
          }}
        />
        {digest === "none" ? null : (
          <TextField
            label={t.digestAt}
            type="time"
            value={typed ?? digestAt}
            onChange={setTyped}
            onBlur={give}
          />
        )}
      </div>
    </section>
  );
}
