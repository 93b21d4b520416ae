import { useRef, useState } from "react";

import { browserZone, fullDay, shortMoment } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { scopesInWords } from "../../../i18n/tokenScopes.ts";
import { usePresent } from "../../../lib/hooks.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { ConfirmDialog } from "../../../ui/forms.ts";
import { Button, Icon } from "../../../ui/index.ts";
import { type OwnToken, type TokenMade, useRevokeToken, useTokens } from "../api/tokens.ts";
import { texts as common } from "../texts.ts";
import { texts } from "../tokenTexts.ts";
import { Part, waitOf } from "./Part.tsx";
import { TokenForm } from "./TokenForm.tsx";
import { TokenOnce } from "./TokenOnce.tsx";

/** What is to be revoked: one, or all. */
type Asked = OwnToken | "all" | undefined;

/** What the reader made for programs: made here, shown once, revoked here. */
export function TokensCard() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const tokens = useTokens();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<TokenMade>();
  const [asked, setAsked] = useState<Asked>();
  const opener = useRef<HTMLElement | null>(null);
  const { mutate: revoke, isPending } = useRevokeToken({
    done: (token) => tell(token === undefined ? t.allRevoked : t.revoked(token.name)),
    failed: () => tellFailure(t.revokeFailed),
  });
  const ask = (what: Asked, button: HTMLElement) => {
    opener.current = button;
    setAsked(what);
  };
  const known = tokens.data;
  const full = known !== undefined && known.items.length >= known.most;
  return (
    <Part id="tokens" title={t.title} text={t.text} wait={waitOf(tokens)}>
      {known?.items.length === 0 ? <p className="bs-small">{t.none}</p> : null}
      {known === undefined || known.items.length === 0 ? null : (
        <ul className="bs-list bs-lines">
          {known.items.map((token) => (
            <Line key={token.id} token={token} ask={(button) => ask(token, button)} />
          ))}
        </ul>
      )}
      {full ? <p className="bs-small">{t.full(known.most)}</p> : null}
      {known === undefined ? null : (
        <div className="bs-settings__actions">
          <Button
            small
            aria-disabled={full}
            onClick={({ currentTarget }) => {
              opener.current = currentTarget;
              if (!full) setMaking(true);
            }}
          >
            {t.make}
          </Button>
          {known.items.length < 2 ? null : (
            <Button kind="tertiary" small onClick={({ currentTarget }) => ask("all", currentTarget)}>
              {t.revokeAll(known.items.length)}
            </Button>
          )}
        </div>
      )}
      {known === undefined ? null : (
        <TokenForm
          open={making}
          known={known}
          opener={opener}
          onMade={(answer) => {
            setMade(answer);
            setMaking(false);
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {made === undefined ? null : (
        <TokenOnce
          made={made}
          onDone={() => {
            setMade(undefined);
            opener.current?.focus();
          }}
        />
      )}
      <ConfirmDialog
        open={asked !== undefined}
        title={asked === undefined ? "" : asked === "all" ? t.revokeAllTitle : t.revokeTitle(asked.name)}
        confirmLabel={asked === "all" ? t.revokeAll(known?.items.length ?? 0) : t.revoke}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={opener}
        busy={isPending}
        onConfirm={() => {
          if (asked !== undefined) revoke(asked === "all" ? undefined : asked);
          setAsked(undefined);
        }}
        onClose={() => setAsked(undefined)}
      >
        <p>{t.revokeText}</p>
      </ConfirmDialog>
    </Part>
  );
}

function Line({ token, ask }: { token: OwnToken; ask: (button: HTMLElement) => void }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const now = usePresent();
  const when = (moment: number) => shortMoment(moment, now, browserZone(), locale);
  return (
    <li className="bs-line">
      <Icon name="server-line" />
      <div>
        <b>{token.name}</b>
        <small>{scopesInWords(token.scopes, locale)}</small>
        <small>{t.lives(when(token.createdAt), fullDay(token.expiresAt, browserZone(), locale))}</small>
        <small>{token.lastUsedAt === undefined ? t.neverUsed : t.used(when(token.lastUsedAt))}</small>
      </div>
      <Button kind="tertiary" small aria-label={t.revokeOf(token.name)} onClick={({ currentTarget }) => ask(currentTarget)}>
        {t.revoke}
      </Button>
    </li>
  );
}
