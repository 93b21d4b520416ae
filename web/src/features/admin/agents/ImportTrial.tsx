import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, type Column, DataTable, Pager, Totals } from "../../../ui/forms.ts";
import { Icon, Placeholder } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import type { FaultyLine, Import } from "../api/shapes.ts";
import { dayAndTime, number } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { faultyLinesOf } from "./imports.ts";
import { texts } from "./texts.ts";

/** How the file was read, in one line. */
export function useFileFacts(read: Import | undefined): string | undefined {
  const t = useTexts(texts);
  const locale = useLocale();
  if (read === undefined) return undefined;
  const separators = { ";": t.semicolon, ",": t.comma, tab: t.tab };
  return `${t.facts(number(read.total, locale), read.encoding.toUpperCase(), separators[read.separator])} ${t.columnsRead(read.columns.join(", "))}`;
}

/** The dry run: what would change, what cannot be read, and the agreement. */
export function ImportTrial({ trial, apply }: { trial: Import; apply: (id: string) => Promise<unknown> }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const n = (value: number) => number(value, locale);
  const act = useAct(apply);
  const { ready, created, updated, unchanged, absent, faultyTotal, expiresAt } = trial;
  return (
    <>
      <Totals
        items={[
          { label: t.ready, value: n(ready), detail: t.readyDetail(n(unchanged), n(created), n(updated)) },
          { label: t.faulty, value: n(faultyTotal), detail: faultyTotal === 0 ? t.faultyNone : t.faultyDetail },
          { label: t.absent, value: n(absent), detail: t.absentDetail },
          { label: t.invitations, value: "0", detail: t.invitationsDetail },
        ]}
      />
      <div className="bs-detail">
        {faultyTotal === 0 ? (
          <div className="bs-card">
            <Placeholder icon="check-line" title={t.noFault}>
              <p>{t.noFaultText}</p>
            </Placeholder>
          </div>
        ) : (
          <Faults trial={trial} />
        )}
        <aside className="bs-card" aria-labelledby="what-happens">
          <h2 id="what-happens">{t.whatHappens}</h2>
          <p className="bs-sentence">
            <b>{t.willDo(n(created), n(updated))}</b> {t.willNot} {faultyTotal === 0 ? null : t.faultyWait}
          </p>
          <Causes faulty={trial.faulty} />
          <ActFailed error={act.error} />
          <div className="bs-stack bs-stack--tight">
            <ActButton kind="primary" off={act.isPending || ready === 0} onClick={() => act.mutate(trial.id)}>
              {ready === 0 ? t.nothing : plural(locale, ready, t.applyOne, t.apply(n(ready)))}
            </ActButton>
          </div>
          <p className="bs-under">{t.applyHint}</p>
          <p className="bs-under">{t.expires(dayAndTime(expiresAt, locale))}</p>
        </aside>
      </div>
    </>
  );
}

/** How often each fault comes, the most frequent first. */
function Causes({ faulty }: { faulty: readonly FaultyLine[] }) {
  const locale = useLocale();
  const counts = new Map<string, number>();
  for (const { message } of faulty) counts.set(message, (counts.get(message) ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.length === 0 ? null : (
    <ul className="bs-list bs-causes">
      {sorted.map(([message, count]) => (
        <li key={message}>
          <b className="bs-num">{number(count, locale)}</b> {message}
        </li>
      ))}
    </ul>
  );
}

function Faults({ trial }: { trial: Import }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { faulty, faultyTotal } = trial;
  const total = number(faultyTotal, locale);
  return (
    <div className="bs-card bs-tablecard">
      <div className="bs-tablecard__head">
        <h2>{plural(locale, faultyTotal, t.faultyTitleOne, t.faultyTitle(total))}</h2>
        <a className="fr-btn fr-btn--tertiary fr-btn--sm" href={faultyLinesOf(trial.id)} download>
          <Icon name="download-line" />
          {t.downloadFaulty}
        </a>
      </div>
      <DataTable
        caption={t.faultyCaption}
        columns={faultColumns(t)}
        rows={faulty}
        keyOf={({ line, column, problem }) => `${line}-${column ?? ""}-${problem}`}
      />
      {faulty.length < faultyTotal ? (
        <Pager summary={t.faultyShown(number(faulty.length, locale), total)} moreLabel={c.more} more={undefined} />
      ) : null}
    </div>
  );
}

function faultColumns(t: (typeof texts)["fr"]): Column<FaultyLine>[] {
  return [
    { key: "line", title: t.line, head: true, cell: ({ line }) => <span className="bs-num">{line}</span> },
    { key: "column", title: t.column, cell: ({ column }) => (column ? <b>{column}</b> : null) },
    { key: "value", title: t.value, cell: ({ value }) => <span className="bs-faulty">{value || t.emptyCell}</span> },
    { key: "cause", title: t.cause, cell: ({ message }) => message },
    { key: "mend", title: t.mend, cell: ({ mend }) => mend },
  ];
}
