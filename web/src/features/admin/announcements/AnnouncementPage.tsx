import { Link, useParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { draftKey } from "../common/drafts.ts";
import { said } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { AnnouncementEditor } from "./AnnouncementEditor.tsx";
import { useAnnouncement } from "./api.ts";
import { EMPTY, formOf } from "./form.ts";
import { StateOfAnnouncement } from "./StateOfAnnouncement.tsx";
import { texts } from "./texts.ts";

/** `/administration/annonces/nouvelle` and `/administration/annonces/:id`. */
export function AnnouncementPage() {
  const t = useTexts(texts);
  const locale = useLocale();
  const { agent, current } = useScope();
  const { id = "nouvelle" } = useParams();
  const fresh = id === "nouvelle";
  const { data, error, refetch } = useAnnouncement(fresh ? undefined : id);
  const known = data?.data;
  const ready = fresh || known !== undefined;
  return (
    <AdminPage
      title={known === undefined ? t.newAnnouncement : said(known.title, locale)}
      above={[{ label: t.title, to: `${BASE}/annonces` }]}
      mark={known === undefined ? undefined : <StateOfAnnouncement announcement={known} />}
      actions={
        known === undefined || known.state === "draft" || !known.mustConfirm ? undefined : (
          <Link className="fr-btn fr-btn--secondary fr-btn--sm" to={`${BASE}/annonces/${id}/lecteurs`}>
            {t.seeReaders}
          </Link>
        )
      }
    >
      {ready || error !== null ? null : <LoadingRows />}
      {!ready && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {ready ? (
        <AnnouncementEditor
          key={id}
          announcement={known}
          tag={data?.tag}
          saved={known === undefined ? EMPTY : formOf(known)}
          organisation={known?.organisation.id ?? current.id}
          storageKey={draftKey(agent.id, "announcement", known?.id ?? `new-${current.id}`)}
        />
      ) : null}
    </AdminPage>
  );
}
