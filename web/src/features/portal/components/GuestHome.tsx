import type { ReactNode } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { Icon, Placeholder } from "../../../ui/index.ts";
import { texts } from "../guestTexts.ts";

interface Host {
  readonly name?: string;
  readonly place: string;
  readonly purpose: string;
  readonly until: number;
}

interface GuestHomeProps {
  givenName: string;
  /** The invitations that hold. */
  hosts: readonly Host[];
  /** IANA name. */
  zone: string;
  now: ReactNode;
  /** The tools that are shared; none: nothing is. */
  tools: ReactNode | undefined;
  support: ReactNode;
}

/** A guest's home: what is shared with them, by whom, until when. Nothing else of Besace. */
export default function GuestHome({ givenName, hosts, zone, now, tools, support }: GuestHomeProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  return (
    <>
      <div className="bs-greet">
        <h1 tabIndex={-1}>{t.hello(givenName)}</h1>
      </div>
      <div className="bs-home">
        {now}
        <section aria-labelledby="hosts">
          <div className="bs-head">
            <h2 id="hosts">{t.yourInvitations}</h2>
          </div>
          <ul className="bs-list bs-card bs-hosts">
            {hosts.map(({ name, place, purpose, until }) => (
              <li key={`${place}/${purpose}/${until}`}>
                <Icon name="user-line" />
                <span>
                  <b>{purpose}</b>
                  <small>{name ? t.invitedBy(name, place) : t.invitedFrom(place)}</small>
                  <small>{t.invitedUntil(dayOf(until, zone, locale))}</small>
                </span>
              </li>
            ))}
          </ul>
        </section>
        <section className="bs-home__wide" aria-labelledby="shared-tools">
          <div className="bs-head">
            <h2 id="shared-tools">{t.sharedTools}</h2>
          </div>
          {tools ?? (
            <Placeholder icon="layout-grid-line" title={t.nothingShared}>
              <p>{t.nothingSharedText}</p>
              {support}
            </Placeholder>
          )}
        </section>
      </div>
    </>
  );
}

function dayOf(moment: number, zone: string, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", { timeZone: zone, day: "numeric", month: "long", year: "numeric" });
  return format.format(moment);
}
