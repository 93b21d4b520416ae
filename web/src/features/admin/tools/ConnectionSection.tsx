import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Notice } from "../../../ui/forms.ts";
import type { KnownApplication, Tool } from "../api/shapes.ts";
import { Failed } from "../common/States.tsx";
import { useApplication, type useToolActs } from "./api.ts";
import { ConnectionForm } from "./ConnectionForm.tsx";
import { type Application, SecretOnce } from "./SecretOnce.tsx";
import { texts } from "./texts.ts";

interface ConnectionSectionProps {
  tool: Tool | undefined;
  acts: ReturnType<typeof useToolActs>["application"];
}

/** The OpenID Connect access of a tool that is kept: its secret is shown once. */
export function ConnectionSection({ tool, acts }: ConnectionSectionProps) {
  const t = useTexts(texts);
  const known = useApplication(tool);
  const [secret, setSecret] = useState<Application>();
  const application: KnownApplication | undefined = tool?.clientId ? known.data?.data : undefined;
  return (
    <fieldset className="bs-fieldset">
      <legend>
        {t.connection} <small>{t.connectionHint}</small>
      </legend>
      {tool === undefined ? (
        <Notice tone="info">
          <p>{t.connectionLater}</p>
        </Notice>
      ) : tool.clientId && application === undefined ? (
        known.error && <Failed error={known.error} onRetry={() => void known.refetch()} />
      ) : (
        <ConnectionForm id={tool.id} application={application} acts={acts} onSecret={setSecret} />
      )}
      {secret === undefined ? null : <SecretOnce application={secret} onDone={() => setSecret(undefined)} />}
    </fieldset>
  );
}
