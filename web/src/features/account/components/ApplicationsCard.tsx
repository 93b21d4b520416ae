import { useRef, useState } from "react";

import { browserZone, fullDay } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { ConfirmDialog } from "../../../ui/forms.ts";
import { Badge, Button, Icon } from "../../../ui/index.ts";
import { type OwnApplication, useApplications, useWithdraw } from "../api/account.ts";
import { scopeTexts, texts } from "../texts.ts";
import { Part, waitOf } from "./Part.tsx";

/** What each application received of the reader, and the way to take it back. */
export function ApplicationsCard() {
  const t = useTexts(texts);
  const applications = useApplications();
  const [asked, setAsked] = useState<OwnApplication>();
  const opener = useRef<HTMLElement | null>(null);
  const { mutate: withdraw, isPending } = useWithdraw({
    done: (application) => tell(t.withdrawn(nameOf(application))),
    failed: () => tellFailure(t.withdrawFailed),
  });
  const items = applications.data?.items;
  return (
    <Part id="applications" title={t.applicationsTitle} text={t.applicationsText} wait={waitOf(applications)}>
      {items?.length === 0 ? <p className="bs-small">{t.noApplications}</p> : null}
      <ul className="bs-list bs-lines">
        {items?.map((application) => (
          <Line
            key={application.clientId}
            application={application}
            ask={(button) => {
              opener.current = button;
              setAsked(application);
            }}
          />
        ))}
      </ul>
      <ConfirmDialog
        open={asked !== undefined}
        title={asked === undefined ? "" : t.withdrawTitle(nameOf(asked))}
        confirmLabel={t.withdraw}
        cancelLabel={t.cancel}
        closeLabel={t.close}
        opener={opener}
        busy={isPending}
        onConfirm={() => {
          if (asked !== undefined) withdraw(asked);
          setAsked(undefined);
        }}
        onClose={() => setAsked(undefined)}
      >
        <p>{t.withdrawText}</p>
      </ConfirmDialog>
    </Part>
  );
}

function Line({ application, ask }: { application: OwnApplication; ask: (button: HTMLElement) => void }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const name = nameOf(application);
  const words: Readonly<Record<string, string>> = useTexts(scopeTexts);
  const received = [...new Set(application.scopes.map((scope) => words[scope] ?? scope))];
  return (
    <li className="bs-line">
      <Icon name="layout-grid-line" />
      <div>
        <b>
          {name} {application.name === undefined ? <Badge>{t.gone}</Badge> : null}
        </b>
        <small>{new Intl.ListFormat(locale, { type: "conjunction" }).format(received)}</small>
        <small>{t.between(day(application.firstAt, locale), day(application.lastAt, locale))}</small>
      </div>
      <Button kind="tertiary" small aria-label={t.withdrawOf(name)} onClick={({ currentTarget }) => ask(currentTarget)}>
        {t.withdraw}
      </Button>
    </li>
  );
}

function nameOf({ name, clientId }: OwnApplication): string {
  return name ?? clientId;
}

function day(moment: number, locale: Locale): string {
  return fullDay(moment, browserZone(), locale);
}
