import { useEffect, useRef } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { Button, CopyButton, Icon, IconButton, type IconName, Placeholder } from "../../../ui/index.ts";
import { clock, day, dayAndTime, number } from "../common/format.ts";
import { Failed } from "../common/States.tsx";
import { type Proof, useEntry } from "./api.ts";
import type { Change } from "./JournalFilters.tsx";
import { Result } from "./Result.tsx";
import { about, tell } from "./sentences.ts";
import { texts } from "./texts.ts";

interface EntryPanelProps {
  place: string;
  onChange: Change;
  onClose: () => void;
}

/** One entry: its sentence, its facts, and what proves it. */
export function EntryPanel({ place, onChange, onClose }: EntryPanelProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { data, error, refetch } = useEntry(place);
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const proof = data?.data;
  // Who opened the entry reads it next; who came by its address too.
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Escape" && panel.current?.contains(document.activeElement)) onClose();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [onClose]);
  const seq = Number(place.split("/")[1]);
  const missing = error instanceof ApiFailure && error.problem?.status === 404;
  return (
    <aside className="bs-card bs-entry" aria-labelledby="entry" ref={panel}>
      <div className="bs-head">
        <h2 id="entry" tabIndex={-1} ref={heading}>
          {t.entryTitle(number(seq, locale))}
        </h2>
        <IconButton label={t.close} onClick={onClose}>
          <Icon name="close-line" />
        </IconButton>
      </div>
      {missing ? (
        <Placeholder icon="search-line" title={t.absentTitle}>
          <p>{t.absentText}</p>
        </Placeholder>
      ) : null}
      {error !== null && !missing ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {proof === undefined ? null : (
        <>
          <p className="bs-sentence">{tell(proof.entry, proof.names, locale)}</p>
          <EntryFacts proof={proof} />
          <Proved proof={proof} />
          <div className="bs-actions bs-actions--start">
            <Button small onClick={() => onChange({ objet: proof.entry.subject, qui: "" })}>
              {t.sameSubject}
            </Button>
            {proof.entry.actor === undefined ? null : (
              <Button small onClick={() => onChange({ qui: proof.entry.actor ?? "", objet: "" })}>
                {t.sameActor}
              </Button>
            )}
            <CopyButton text={location.href} copyLabel={t.copyLink} copiedLabel={t.copied} written />
          </div>
        </>
      )}
    </aside>
  );
}

function EntryFacts({ proof: { entry, names } }: { proof: Proof }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const actor = entry.actor === undefined ? undefined : names[`agent:${entry.actor}`];
  const seconds = String(new Date(entry.at).getSeconds()).padStart(2, "0");
  const second = locale === "fr" ? `\u00a0min\u00a0${seconds}\u00a0s` : `:${seconds}`;
  const chain = entry.chain === "system" ? t.systemChain : (names[`organisation:${entry.chain}`]?.name ?? entry.chain);
  const name = about(entry, names);
  const nobody = entry.outcome === "done" ? t.platform : t.unknown;
  return (
    <dl className="bs-kv">
      <dt>{t.when}</dt>
      <dd>
        {day(entry.at, locale)}, {clock(entry.at, locale)}
        {second}
      </dd>
      <dt>{t.whom}</dt>
      <dd>{actor === undefined ? (entry.actor === undefined ? nobody : t.erasedAgent) : [actor.name, actor.of].filter(Boolean).join(", ")}</dd>
      {entry.personal === undefined && !entry.erased ? null : (
        <>
          <dt>{t.address}</dt>
          <dd>{entry.personal ?? t.erased}</dd>
        </>
      )}
      {name === undefined ? null : (
        <>
          <dt>{t.subject}</dt>
          <dd>{name}</dd>
        </>
      )}
      <dt>{t.result}</dt>
      <dd>
        <Result outcome={entry.outcome} />
      </dd>
      <dt>{t.chain}</dt>
      <dd>{chain}</dd>
    </dl>
  );
}

const LOOKS: Record<Proof["standing"], [string, IconName]> = {
  covered: ["bs-agree bs-agree--ok", "shield-line"],
  linked: ["bs-agree bs-agree--ok", "shield-line"],
  young: ["bs-agree bs-agree--info", "time-line"],
  broken: ["bs-agree bs-agree--error", "alert-line"],
};

/** What was computed just now, in words, with the hashes to compare elsewhere. */
function Proved({ proof }: { proof: Proof }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const seq = number(proof.checkpointSeq ?? 0, locale);
  const when = dayAndTime(proof.checkpointAt ?? 0, locale);
  const words: Record<Proof["standing"], [string, string]> = {
    covered: [t.coveredTitle, t.coveredText(seq, when)],
    linked: [t.linkedTitle, t.linkedText(number(proof.verifiedUpTo, locale), seq, when)],
    young: [t.youngTitle, t.youngText],
    broken: [t.brokenTitle, t.brokenText],
  };
  const [look, icon] = LOOKS[proof.standing];
  const [title, text] = words[proof.standing];
  return (
    <>
      <div className={`${look} bs-proved`}>
        <Icon name={icon} />
        <div>
          <b>{title}</b>
          {text}
        </div>
      </div>
      <dl className="bs-kv bs-kv--over">
        <dt>{t.name}</dt>
        <dd className="bs-hash">
          {proof.entry.act}, {proof.entry.subject}
        </dd>
        <dt>{t.details}</dt>
        <dd className="bs-hash">{JSON.stringify(proof.entry.data)}</dd>
        <dt>{t.hash}</dt>
        <dd className="bs-hash">
          {proof.hash} <CopyButton text={proof.hash} copyLabel={t.copy} copiedLabel={t.copied} />
        </dd>
        <dt>{t.previous}</dt>
        <dd className="bs-hash">{proof.previousHash}</dd>
      </dl>
    </>
  );
}
