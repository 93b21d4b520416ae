import { Badge } from "../../../ui/index.ts";
import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import type { Announcement } from "../api/shapes.ts";
import { texts } from "./texts.ts";

/** Whether agents see the announcement now. */
export function StateOfAnnouncement({ announcement }: { announcement: Announcement }) {
  const t = useTexts(texts);
  const { state, from, until } = announcement;
  const [now] = useState(Date.now);
  if (state === "draft") return <Badge icon="quill-pen-line">{t.draft}</Badge>;
  if (state === "withdrawn") return <Badge>{t.withdrawn}</Badge>;
  if (until && until <= now) return <Badge>{t.over}</Badge>;
  if (from && from > now) {
    return (
      <Badge tone="info" icon="time-line">
        {t.scheduled}
      </Badge>
    );
  }
  return (
    <Badge tone="ok" icon="check-line">
      {t.published}
    </Badge>
  );
}
