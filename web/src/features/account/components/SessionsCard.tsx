import { browserZone, shortMoment } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { usePresent } from "../../../lib/hooks.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { Badge, Button, Icon } from "../../../ui/index.ts";
import { type OwnSession, useEndSession, useSessions } from "../api/account.ts";
import { texts } from "../texts.ts";
import { Part, waitOf } from "./Part.tsx";

type Texts = (typeof texts)["fr"];

/** Where the reader is signed in: each can be closed from here, all others at once. */
export function SessionsCard() {
  const t = useTexts(texts);
  const sessions = useSessions();
  const { mutate: end, isPending } = useEndSession({
    done: (session) => tell(session === undefined ? t.othersEnded : t.ended(nameOf(session, t))),
    failed: () => tellFailure(t.endFailed),
  });
  const items = sessions.data?.items ?? [];
  const others = items.filter(({ current }) => !current).length;
  return (
    <Part id="sessions" title={t.sessionsTitle} text={t.sessionsText} wait={waitOf(sessions)}>
      <ul className="bs-list bs-lines">
        {items.map((session) => (
          <Line key={session.id} session={session} end={isPending ? undefined : () => end(session)} />
        ))}
      </ul>
      {others === 0 ? null : (
        <Button small aria-disabled={isPending} onClick={() => (isPending ? undefined : end(undefined))}>
          {t.endOthers(others)}
        </Button>
      )}
    </Part>
  );
}

function Line({ session, end }: { session: OwnSession; end: (() => void) | undefined }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const now = usePresent();
  const when = (moment: number) => shortMoment(moment, now, browserZone(), locale);
  const name = nameOf(session, t);
  const small = session.system === "android" || session.system === "ios";
  return (
    <li className="bs-line">
      <Icon name={small ? "phone-line" : "computer-line"} />
      <div>
        <b>
          {name} {session.current ? <Badge tone="ok">{t.current}</Badge> : null}
        </b>
        <small>{t.opened(when(session.openedAt), session.provider)}</small>
        {session.current ? null : <small>{t.seen(when(session.seenAt))}</small>}
      </div>
      {session.current ? null : (
        <Button kind="tertiary" small aria-label={t.endOf(name, when(session.openedAt))} aria-disabled={end === undefined} onClick={() => end?.()}>
          {t.end}
        </Button>
      )}
    </li>
  );
}

/** What the reader recognises it by. */
function nameOf({ browser, system }: OwnSession, t: Texts): string {
  const browsers: Readonly<Record<string, string>> = { firefox: t.firefox, edge: t.edge, chrome: t.chrome, safari: t.safari };
  const systems: Readonly<Record<string, string>> = { windows: t.windows, macos: t.macos, ios: t.ios, android: t.android, linux: t.linux };
  return t.on(browsers[browser] ?? t.otherBrowser, systems[system] ?? t.otherSystem);
}
