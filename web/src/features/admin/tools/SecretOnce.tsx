import { useTexts } from "../../../i18n/dictionary.ts";
import { CopyLine, FirmDialog } from "../../../ui/forms.ts";
import { texts } from "./texts.ts";

/** What the tool's people configure. */
export interface Application {
  clientId: string;
  secret: string;
}

/** The secret, until it has been copied. */
export function SecretOnce({ application, onDone }: { application: Application; onDone: () => void }) {
  const t = useTexts(texts);
  return (
    <FirmDialog title={t.secretTitle} doneLabel={t.secretDone} onDone={onDone}>
      <div className="bs-stack">
        <p>{t.secretText}</p>
        <div>
          <p className="fr-label">{t.clientId}</p>
          <CopyLine text={application.clientId} copyLabel={t.copyClient} copiedLabel={t.copied} />
        </div>
        <div>
          <p className="fr-label">{t.secret}</p>
          <CopyLine text={application.secret} copyLabel={t.copySecret} copiedLabel={t.copied} />
        </div>
      </div>
    </FirmDialog>
  );
}
