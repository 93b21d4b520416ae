import { useRef, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { scopesInWords } from "../../../i18n/tokenScopes.ts";
import { tell } from "../../../lib/notes.ts";
import { ConfirmDialog } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { useAct, useResource, useSend } from "../api/hooks.ts";
import type { AgentInFull, Page, Token } from "../api/shapes.ts";
import { day, dayAndTime } from "../common/format.ts";
import { ActFailed, Failed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { texts } from "./tokenTexts.ts";

/** What an agent made for programs that speak in their name, for who may end it. */
export function AgentTokens({ agent }: { agent: AgentInFull }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const path = `/api/v1/admin/agents/${agent.id}/tokens`;
  const { data, error, refetch } = useResource<Page<Token>>("agents", { path });
  const send = useSend("agents");
  const opener = useRef<HTMLElement | null>(null);
  const [asked, setAsked] = useState<Token>();
  const revoke = useAct(async (token: Token) => {
    await send({ method: "DELETE", path: `${path}/${token.id}` });
    tell(t.revoked(token.name));
  });
  const tokens = data?.data.items;
  return (
    <section className="bs-card bs-sheet" aria-labelledby="agent-tokens">
      <h2 id="agent-tokens">{t.title}</h2>
      <p>{t.text}</p>
      {tokens === undefined && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {tokens?.length === 0 ? <p className="bs-small">{t.none}</p> : null}
      <ActFailed error={revoke.error} />
      <ul className="bs-list">
        {tokens?.map((token) => (
          <Line
            key={token.id}
            token={token}
            revoke={
              // Who may do nothing to the account ends none of its tokens.
              agent.may.length === 0
                ? undefined
                : (button) => {
                    opener.current = button;
                    setAsked(token);
                  }
            }
          />
        ))}
      </ul>
      <ConfirmDialog
        open={asked !== undefined}
        title={asked === undefined ? "" : t.revokeTitle(asked.name)}
        confirmLabel={t.revoke}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={opener}
        busy={revoke.isPending}
        onConfirm={() => {
          if (asked !== undefined) revoke.mutate(asked);
          setAsked(undefined);
        }}
        onClose={() => setAsked(undefined)}
      >
        <p>{t.revokeText(agent.displayName)}</p>
      </ConfirmDialog>
    </section>
  );
}

function Line({ token, revoke }: { token: Token; revoke: ((button: HTMLElement) => void) | undefined }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const used = token.lastUsedAt ?? undefined;
  return (
    <li className="bs-credential">
      <div>
        <b>{token.name}</b>
        <small>{scopesInWords(token.scopes, locale)}</small>
        <small>{t.lives(day(token.createdAt, locale), day(token.expiresAt, locale))}</small>
        <small>{used === undefined ? t.neverUsed : t.used(dayAndTime(used, locale))}</small>
      </div>
      {revoke === undefined ? null : (
        <Button kind="tertiary" small aria-label={t.revokeOf(token.name)} onClick={({ currentTarget }) => revoke(currentTarget)}>
          {t.revoke}
        </Button>
      )}
    </li>
  );
}
