import { useTexts } from "../../../i18n/dictionary.ts";
import { CopyLine, FirmDialog } from "../../../ui/forms.ts";
import { texts } from "./texts.ts";

/** The link of an invitation where no mail leaves, until it has been copied. */
export function LinkOnce({ link, who, onDone }: { link: string; who: string; onDone: () => void }) {
  const t = useTexts(texts);
  return (
    <FirmDialog title={t.linkTitle} doneLabel={t.linkDone} onDone={onDone}>
      <div className="bs-stack">
        <p>{t.linkText(who)}</p>
        <CopyLine text={link} copyLabel={t.copyLink} copiedLabel={t.copied} />
      </div>
    </FirmDialog>
  );
}
