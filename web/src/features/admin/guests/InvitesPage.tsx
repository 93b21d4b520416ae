import { useTexts } from "../../../i18n/dictionary.ts";
import { AdminPage } from "../common/AdminPage.tsx";
import { useScope } from "../common/scope.ts";
import { texts } from "../texts.ts";

/** `/administration/invites`: the guests for whom an administration answers. */
export function InvitesPage() {
  const t = useTexts(texts);
  const { current, guests: Guests } = useScope();
  return (
    <AdminPage title={t.guests} intro={t.guestsIntro(current.label)}>
      <Guests organisation={current.id} />
    </AdminPage>
  );
}
