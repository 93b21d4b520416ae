import { dateAndTime } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Icon, Placeholder } from "../../../ui/index.ts";
import { useSession } from "../../identity/index.ts";
import type { Home } from "../api/home.ts";
import { useClock } from "../hooks/useClock.ts";
import { texts } from "../texts.ts";
import { CategoryCard } from "./CategoryCard.tsx";
import { NowCard } from "./NowCard.tsx";
import { SupportCard } from "./SupportCard.tsx";

/** A guest's home: what is shared with them, by whom, until when. Nothing else of Besace. */
export function GuestHome({ home }: { home: Home }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const moment = useClock(home.now, home.receivedAt);
  const session = useSession().data;
  const hosts = session?.guest?.hosts ?? [];
  const name = session?.agent.givenName;
  return (
    <>
      <div className="bs-greet">
        <h1 tabIndex={-1}>{name ? t.hello(name) : t.helloAnyone}</h1>
        <p>
          <time dateTime={new Date(moment).toISOString()}>{dateAndTime(moment, home.zone, locale)}</time>
        </p>
      </div>
      <div className="bs-home">
        <NowCard home={home} />
        <section aria-labelledby="hosts">
          <div className="bs-head">
            <h2 id="hosts">{t.yourInvitations}</h2>
          </div>
          <ul className="bs-list bs-card bs-hosts">
            {hosts.map(({ name: host, place, purpose, until }) => (
              <li key={`${place}/${purpose}/${until}`}>
                <Icon name="user-line" />
                <span>
                  <b>{purpose}</b>
                  <small>{host ? t.invitedBy(host, place) : t.invitedFrom(place)}</small>
                  <small>{t.invitedUntil(dayOf(until, home.zone, locale))}</small>
                </span>
              </li>
            ))}
          </ul>
        </section>
        <section className="bs-home__wide" aria-labelledby="shared-tools">
          <div className="bs-head">
            <h2 id="shared-tools">{t.sharedTools}</h2>
          </div>
          {home.categories.length === 0 ? (
            <Placeholder icon="layout-grid-line" title={t.nothingShared}>
              <p>{t.nothingSharedText}</p>
              <SupportCard />
            </Placeholder>
          ) : (
            <CategoryCard categories={home.categories} zone={home.zone} noted={false} />
          )}
        </section>
      </div>
    </>
  );
}

function dayOf(moment: number, zone: string, locale: "fr" | "en"): string {
  const format = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", { timeZone: zone, day: "numeric", month: "long", year: "numeric" });
  return format.format(moment);
}
