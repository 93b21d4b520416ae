import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ActButton, CopyLine, FirmDialog, Notice, TextArea } from "../../../ui/forms.ts";
import type { Tagged } from "../api/call.ts";
import { useAct } from "../api/hooks.ts";
import type { Tool } from "../api/shapes.ts";
import { ActFailed } from "../common/States.tsx";
import { texts } from "./texts.ts";

interface Application {
  clientId: string;
  secret: string;
}

interface ConnectionSectionProps {
  tool: Tool | undefined;
  create: (id: string, body: { redirectUris: string[]; postLogoutRedirectUris: string[] }) => Promise<Tagged<Application>>;
}

const lines = (text: string) => text.split(/\s+/).filter((line) => line !== "");

/** The OpenID Connect access of a tool that is kept: its secret is shown once. */
export function ConnectionSection({ tool, create }: ConnectionSectionProps) {
  const t = useTexts(texts);
  const [redirects, setRedirects] = useState("");
  const [logouts, setLogouts] = useState("");
  const [asked, setAsked] = useState(false);
  const act = useAct(async (id: string) => {
    const body = { redirectUris: lines(redirects), postLogoutRedirectUris: lines(logouts) };
    return (await create(id, body)).data;
  });
  const run = () => {
    setAsked(true);
    if (tool !== undefined && lines(redirects).length > 0) act.mutate(tool.id);
  };
  return (
    <fieldset className="bs-fieldset">
      <legend>
        {t.connection} <small>{t.connectionHint}</small>
      </legend>
      {tool === undefined ? (
        <Notice tone="info">
          <p>{t.connectionLater}</p>
        </Notice>
      ) : (
        <div className="bs-stack">
          {tool.clientId ? <p>{t.connectionExists(tool.clientId)}</p> : null}
          <TextArea
            label={t.redirects}
            hint={t.redirectsHint}
            error={asked && lines(redirects).length === 0 ? t.redirectMissing : undefined}
            mono
            rows={2}
            value={redirects}
            onChange={setRedirects}
          />
          <TextArea label={t.logouts} hint={t.redirectsHint} mono rows={1} value={logouts} onChange={setLogouts} />
          <ActFailed error={act.error} />
          <div className="bs-actions bs-actions--start">
            <ActButton small off={act.isPending} onClick={run}>
              {tool.clientId ? t.renewClient : t.createClient}
            </ActButton>
          </div>
        </div>
      )}
      {act.data === undefined ? null : <SecretOnce application={act.data} onDone={act.reset} />}
    </fieldset>
  );
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
