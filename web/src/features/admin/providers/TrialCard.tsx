import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, Notice } from "../../../ui/forms.ts";
import { Badge, Button, Icon } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import type { Provider, Trial } from "../api/providerShapes.ts";
import { clock, siretInGroups } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { ActFailed } from "../common/States.tsx";
import { useTrial } from "./api.ts";
import { texts } from "./texts.ts";

interface TrialCardProps {
  provider: Provider | undefined;
  unsaved: boolean;
  start: (id: string) => Promise<{ url: string }>;
  onTakeSiret: ((siret: string) => void) | undefined;
}

/** A sign-in that opens no session: it shows what the provider gives. */
export function TrialCard({ provider, unsaved, start, onTakeSiret }: TrialCardProps) {
  const t = useTexts(texts);
  const [started, setStarted] = useState(false);
  const trial = useTrial(provider?.id, started).data?.data;
  const waiting = started && (trial === undefined || trial.state === "waiting");
  if (started && !waiting) setStarted(false);
  const act = useAct(async (id: string) => {
    // Opened in the click itself: a browser blocks what comes later.
    const tab = open("", "_blank");
    try {
      const { url } = await start(id);
      if (tab !== null) {
        tab.opener = null;
        tab.location.href = url;
      }
      setStarted(true);
    } catch (error) {
      tab?.close();
      throw error;
    }
  });
  return (
    <section className="bs-card" aria-labelledby="try">
      <h2 id="try">{t.try}</h2>
      {provider === undefined ? (
        <p>{t.tryLater}</p>
      ) : (
        <>
          <p>{t.tryText}</p>
          {unsaved ? <p className="bs-under">{t.tryUnsaved}</p> : null}
          <div className="bs-actions bs-actions--start bs-trial__start">
            <ActButton small off={act.isPending} onClick={() => act.mutate(provider.id)}>
              <Icon name="external-link-line" />
              {trial?.state === "done" || trial?.state === "failed" ? t.tryAgain : t.try}
            </ActButton>
          </div>
          <ActFailed error={act.error} />
        </>
      )}
      <div aria-live="polite">
        {waiting ? <p className="bs-soft">{t.tryWaiting}</p> : null}
        {trial === undefined || waiting ? null : <Outcome trial={trial} onTakeSiret={onTakeSiret} />}
      </div>
    </section>
  );
}

function Outcome({ trial, onTakeSiret }: { trial: Trial; onTakeSiret: TrialCardProps["onTakeSiret"] }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { organisations } = useScope();
  const { state, at, claims, missing, proposedSiret, problem } = trial;
  const owner = [...organisations.values()].find(({ siret }) => siret === proposedSiret)?.label;
  if (state === "waiting") return null;
  // A sign-in may succeed and still leave the agent without an establishment.
  const said = (when: string) => (missing.length === 0 ? t.tryDone(when) : t.tryLacking(when, missing.join(", ")));
  return (
    <>
      {state === "failed" ? (
        <Notice title={t.tryFailed}>{problem ? <p>{problem}</p> : null}</Notice>
      ) : (
        <p className="bs-sentence">{at ? said(clock(at, locale)) : null}</p>
      )}
      {claims.length === 0 ? null : (
        <table className="bs-claims">
          <caption className="bs-sr">{t.claims}</caption>
          <thead>
            <tr>
              <th scope="col">{t.claim}</th>
              <th scope="col">{t.received}</th>
              <th scope="col">{t.state}</th>
            </tr>
          </thead>
          <tbody>
            {claims.map(({ name, received, required, value }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{received ? value : t.absent}</td>
                <td>
                  <ClaimState received={received} required={required || missing.includes(name)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {proposedSiret ? (
        <Notice title={t.proposed}>
          <p>
            <span className="bs-num">{siretInGroups(proposedSiret)}</span>
            {owner === undefined ? null : `, ${owner}`}
          </p>
          {onTakeSiret === undefined ? null : (
            <Button small onClick={() => onTakeSiret(proposedSiret)}>
              {t.take}
            </Button>
          )}
        </Notice>
      ) : null}
    </>
  );
}

function ClaimState({ received, required }: { received: boolean; required: boolean }) {
  const t = useTexts(texts);
  if (received) {
    return (
      <span className="t-ok">
        <Icon name="check-line" />
        <span className="bs-sr">{t.got}</span>
      </span>
    );
  }
  return required ? (
    <Badge tone="warn" icon="alert-line">
      {t.missing}
    </Badge>
  ) : (
    <Badge>{t.optional}</Badge>
  );
}
