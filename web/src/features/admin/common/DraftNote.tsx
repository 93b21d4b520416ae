import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Notice } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { texts } from "../texts.ts";
import { dayAndTime } from "./format.ts";

/** A draft found on this machine, and the way back to what is saved. */
export function DraftNote({ at, onDiscard }: { at: number | undefined; onDiscard: () => void }) {
  const t = useTexts(texts);
  const locale = useLocale();
  if (at === undefined) return null;
  return (
    <Notice tone="info" live>
      <p>{t.recovered(dayAndTime(at, locale))}</p>
      <Button kind="secondary" small onClick={onDiscard}>
        {t.discard}
      </Button>
    </Notice>
  );
}
