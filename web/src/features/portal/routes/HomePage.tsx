import { lazy } from "react";
import { Link } from "react-router";

import { dateAndTime } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { useSession } from "../../identity/index.ts";
import { type Home, useHome } from "../api/home.ts";
import { CategoryCard } from "../components/CategoryCard.tsx";
import { Favourites } from "../components/Favourites.tsx";
import { LoadingTools, NoTools, ToolsFailed } from "../components/HomeStates.tsx";
import { NewsCard } from "../components/NewsCard.tsx";
import { NowCard } from "../components/NowCard.tsx";
import { SupportCard } from "../components/SupportCard.tsx";
import { useClock } from "../hooks/useClock.ts";
import { texts } from "../texts.ts";

// Apart: few are guests.
const GuestHome = lazy(() => import("../components/GuestHome.tsx"));

/** `/`: what waits, what is said, and the tools meant for the reader. It answers "what now?". */
export function HomePage() {
  const t = useTexts(texts);
  const { data, error, refetch } = useHome();
  useDocumentTitle(t.home);
  if (data !== undefined) return data.guest ? <Guest home={data} /> : <Loaded home={data} />;
  return (
    <>
      <div className="bs-greet">
        <h1 tabIndex={-1}>{t.home}</h1>
      </div>
      {error === null ? <LoadingTools /> : <ToolsFailed error={error} onRetry={() => void refetch()} />}
    </>
  );
}

function Guest({ home: { categories, zone }, home }: { home: Home }) {
  const tools = categories.length === 0 ? undefined : <CategoryCard categories={categories} zone={zone} noted={false} />;
  const session = useSession().data;
  if (session === undefined) return <LoadingTools />;
  const { agent, guest } = session;
  return <GuestHome givenName={agent.givenName} hosts={guest?.hosts ?? []} zone={zone} now={<NowCard home={home} />} tools={tools} support={<SupportCard />} />;
}

function Loaded({ home }: { home: Home }) {
  const t = useTexts(texts);
  const categories = home.categories.filter(({ tiles }) => tiles.length > 0);
  const count = categories.reduce((sum, { tiles }) => sum + tiles.length, 0);
  return (
    <>
      <Greeting home={home} count={count} />
      <div className="bs-home">
        <NowCard home={home} />
        <NewsCard home={home} />
        {count === 0 ? (
          <div className="bs-home__wide">
            <NoTools />
          </div>
        ) : (
          <>
            <Favourites home={home} />
            <section className="bs-home__wide" aria-labelledby="your-tools">
              <div className="bs-head">
                <h2 id="your-tools">{t.yourTools}</h2>
                <Link className="bs-link" to="/outils">
                  {t.seeTools(count)}
                </Link>
              </div>
              <CategoryCard categories={categories} zone={home.zone} />
            </section>
          </>
        )}
      </div>
    </>
  );
}

/** The reader's name, and their date and time in their own zone. */
function Greeting({ home, count }: { home: Home; count: number }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const moment = useClock(home.now, home.receivedAt);
  const name = home.greetingName;
  const hello = home.firstDay ? (name ? t.welcome(name) : t.welcomeAnyone) : name ? t.hello(name) : t.helloAnyone;
  return (
    <div className="bs-greet">
      <h1 tabIndex={-1}>{hello}</h1>
      <p>
        <time dateTime={new Date(moment).toISOString()}>{dateAndTime(moment, home.zone, locale)}</time>
        {home.firstDay && count > 0 ? t.bagHolds(count) : null}
      </p>
    </div>
  );
}
