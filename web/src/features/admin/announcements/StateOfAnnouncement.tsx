import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { State } from "../../../ui/forms.ts";
import type { Announcement } from "../api/pending.ts";
import { texts } from "./texts.ts";

/** Whether agents see the announcement now. */
export function StateOfAnnouncement({ announcement }: { announcement: Announcement }) {
  const t = useTexts(texts);
  const { state, from, until } = announcement;
  const [now] = useState(Date.now);
  if (state === "draft") return <State icon="quill-pen-line">{t.draft}</State>;
  if (state === "withdrawn") return <State>{t.withdrawn}</State>;
  if (until && until <= now) return <State>{t.over}</State>;
  if (from && from > now) {
    return (
      <State tone="info" icon="time-line">
        {t.scheduled}
      </State>
    );
  }
  return (
    <State tone="ok" icon="check-line">
      {t.published}
    </State>
  );
}
