import { Link } from "react-router";

import { dateAndTime } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { useHome } from "../api/home.ts";
import { CategoryCard } from "../components/CategoryCard.tsx";
import { LoadingTools, NoTools, ToolsFailed } from "../components/HomeStates.tsx";
import { useClock } from "../hooks/useClock.ts";
import { texts } from "../texts.ts";

/** `/`: the greeting, and the tools meant for the reader. */
export function HomePage() {
  const t = useTexts(texts);
  const { data, error, refetch } = useHome();
  useDocumentTitle(t.home);
  const categories = data?.categories.filter(({ tiles }) => tiles.length > 0) ?? [];
  const greeting = data?.greetingName ? t.hello(data.greetingName) : t.helloAnyone;
  const count = categories.reduce((sum, { tiles }) => sum + tiles.length, 0);

  return (
    <>
      <div className="bs-greet">
        <h1 tabIndex={-1}>{data === undefined ? t.home : greeting}</h1>
        {data === undefined ? null : <Moment now={data.now} receivedAt={data.receivedAt} zone={data.zone} />}
      </div>
      {data === undefined && error === null ? <LoadingTools /> : null}
      {data === undefined && error !== null ? (
        <ToolsFailed error={error} onRetry={() => void refetch()} />
      ) : null}
      {data !== undefined && count === 0 ? <NoTools /> : null}
      {count > 0 ? (
        <section aria-labelledby="your-tools">
          <div className="bs-head">
            <h2 id="your-tools">{t.yourTools}</h2>
            <Link className="bs-link" to="/outils">
              {t.seeTools(count)}
            </Link>
          </div>
          <CategoryCard categories={categories} />
        </section>
      ) : null}
    </>
  );
}

/** The reader's date and time, in their own zone. */
function Moment({ now, receivedAt, zone }: { now: number; receivedAt: number; zone: string }) {
  const locale = useLocale();
  const moment = useClock(now, receivedAt);
  return (
    <p>
      <time dateTime={new Date(moment).toISOString()}>{dateAndTime(moment, zone, locale)}</time>
    </p>
  );
}
