import { useRef, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { tell } from "../../../lib/notes.ts";
import { ActButton, ConfirmDialog, TextArea } from "../../../ui/forms.ts";
import { useAct } from "../api/hooks.ts";
import type { ApplicationAddresses, KnownApplication } from "../api/shapes.ts";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import type { useToolActs } from "./api.ts";
import type { Application } from "./SecretOnce.tsx";
import { texts } from "./texts.ts";

interface ConnectionFormProps {
  /** The tool's. */
  id: string;
  /** None: to be created. */
  application: KnownApplication | undefined;
  acts: ReturnType<typeof useToolActs>["application"];
  onSecret: (application: Application) => void;
}

const lines = (text: string) => text.split(/\s+/).filter((line) => line !== "");

/** The addresses of a tool's application, and what can be done with it. */
export function ConnectionForm({ id, application, acts, onSecret }: ConnectionFormProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const [redirects, setRedirects] = useState(application?.redirectUris.join("\n") ?? "");
  const [logouts, setLogouts] = useState(application?.postLogoutRedirectUris.join("\n") ?? "");
  const [checked, setChecked] = useState(false);
  const [asking, setAsking] = useState<"renew" | "end">();
  const renewButton = useRef<HTMLButtonElement>(null);
  const endButton = useRef<HTMLButtonElement>(null);
  const addresses: ApplicationAddresses = { redirectUris: lines(redirects), postLogoutRedirectUris: lines(logouts) };
  const missing = addresses.redirectUris.length === 0;
  const creating = useAct(async () => onSecret((await acts.create(id, addresses)).data));
  const moving = useAct(async () => {
    await acts.move(id, addresses);
    tell(t.clientMoved);
  });
  const ending = useAct(async () => {
    await acts.end(id);
    tell(t.clientEnded);
  });
  const busy = creating.isPending || moving.isPending || ending.isPending;
  /** Runs an act that needs the addresses. */
  const withAddresses = (act: () => void) => () => {
    setChecked(true);
    if (!missing) act();
  };
  const confirmed = (act: () => void) => () => {
    setAsking(undefined);
    act();
  };
  return (
    <div className="bs-stack">
      {application === undefined ? null : <p>{t.connectionExists(application.clientId)}</p>}
      <TextArea
        label={t.redirects}
        hint={t.redirectsHint}
        error={checked && missing ? t.redirectMissing : undefined}
        mono
        rows={2}
        value={redirects}
        onChange={setRedirects}
      />
      <TextArea label={t.logouts} hint={t.redirectsHint} mono rows={1} value={logouts} onChange={setLogouts} />
      <ActFailed error={creating.error ?? moving.error ?? ending.error} />
      <div className="bs-actions bs-actions--start">
        {application === undefined ? (
          <ActButton small off={busy} onClick={withAddresses(() => creating.mutate(undefined))}>
            {t.createClient}
          </ActButton>
        ) : (
          <>
            <ActButton small off={busy} onClick={withAddresses(() => moving.mutate(undefined))}>
              {t.moveClient}
            </ActButton>
            <ActButton ref={renewButton} kind="tertiary" small off={busy} onClick={withAddresses(() => setAsking("renew"))}>
              {t.renewClient}
            </ActButton>
            <ActButton ref={endButton} kind="plain" small off={busy} onClick={() => setAsking("end")}>
              {t.endClient}
            </ActButton>
          </>
        )}
      </div>
      <ConfirmDialog
        open={asking === "renew"}
        title={t.renewTitle}
        confirmLabel={t.renewClient}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={renewButton}
        onConfirm={confirmed(() => creating.mutate(undefined))}
        onClose={() => setAsking(undefined)}
      >
        <p>{t.renewText}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "end"}
        title={t.endTitle}
        confirmLabel={t.endClient}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={endButton}
        onConfirm={confirmed(() => ending.mutate(undefined))}
        onClose={() => setAsking(undefined)}
      >
        <p>{t.endText}</p>
      </ConfirmDialog>
    </div>
  );
}
