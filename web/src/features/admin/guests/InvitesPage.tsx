import { Link, useSearchParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { useScope } from "../common/scope.ts";
import { texts } from "../texts.ts";

/** `/administration/invites`: the guests for whom an administration answers; with `?par=`, those of one inviter. */
export function InvitesPage() {
  const t = useTexts(texts);
  const { current, guests: Guests } = useScope();
  const [search] = useSearchParams();
  const inviter = search.get("par") ?? undefined;
  return (
    <AdminPage title={t.guests} intro={t.guestsIntro(current.label)}>
      {inviter === undefined ? null : (
        <p className="bs-small">
          {t.guestsOfOne} <Link to={`${BASE}/invites`}>{t.allGuests}</Link>
        </p>
      )}
      <Guests organisation={current.id} inviter={inviter} />
    </AdminPage>
  );
}
