import { useTexts } from "../../../i18n/dictionary.ts";
import { CopyLine, FirmDialog } from "../../../ui/forms.ts";
import type { TokenMade } from "../api/tokens.ts";
import { texts } from "../tokenTexts.ts";

/** The token itself, until it has been copied: it is never shown again. */
export function TokenOnce({ made, onDone }: { made: TokenMade; onDone: () => void }) {
  const t = useTexts(texts);
  return (
    <FirmDialog title={t.madeTitle(made.token.name)} doneLabel={t.done} onDone={onDone}>
      <div className="bs-stack">
        <p>{t.madeText}</p>
        <div>
          <p className="fr-label">{t.secret}</p>
          <CopyLine text={made.secret} copyLabel={t.copy} copiedLabel={t.copied} />
        </div>
        <p className="bs-small">{t.sentAs}</p>
      </div>
    </FirmDialog>
  );
}
