import { useState } from "react";
import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Notice, Pager, Segmented } from "../../../ui/forms.ts";
import { Placeholder } from "../../../ui/index.ts";
import { useParts } from "../api/hooks.ts";
import type { RequestLine } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { focusTitle } from "../common/focus.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { REQUESTS, requestsPath } from "./pendingRequests.ts";
import { RequestCard } from "./RequestCard.tsx";
import { texts } from "./texts.ts";

type Shown = "pending" | "approved" | "refused";

/** `/administration/demandes`: what others wait for. */
export function RequestsPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const [shown, setShown] = useState<Shown>("pending");
  const [done, setDone] = useState<string>();
  const [drafted, setDrafted] = useState(false);
  const list = useParts<RequestLine>(REQUESTS, requestsPath(shown));
  const { items } = list;
  const empty: Record<Shown, string> = { pending: t.emptyTitle, approved: t.noneApproved, refused: t.noneRefused };
  const answered = (request: RequestLine, approved: boolean) => {
    focusTitle();
    setDrafted(approved && request.kind === "tool");
    setDone(approved ? (request.kind === "tool" ? t.doneTool : t.doneAudience) : t.doneRefused);
  };
  return (
    <AdminPage
      title={t.title}
      intro={t.intro}
      actions={
        <Segmented<Shown>
          label={t.show}
          value={shown}
          choices={[
            { value: "pending", label: t.pending },
            { value: "approved", label: t.approved },
            { value: "refused", label: t.refused },
          ]}
          onChange={setShown}
        />
      }
    >
      <div role="status">
        {done === undefined ? null : (
          <Notice tone="ok">
            <p>{done}</p>
            {drafted ? (
              <Link className="bs-link" to={`${BASE}/outils`}>
                {t.seeDrafts}
              </Link>
            ) : null}
          </Notice>
        )}
      </div>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {items?.length === 0 ? (
        <Placeholder icon="chat-check-line" title={empty[shown]}>
          {shown === "pending" ? <p>{t.emptyText}</p> : null}
        </Placeholder>
      ) : null}
      <ul className="bs-list bs-cardstack">
        {items?.map((request) => (
          <RequestCard key={request.id} request={request} onAnswered={(approved) => answered(request, approved)} />
        ))}
      </ul>
      {list.more === undefined ? null : <Pager summary="" moreLabel={c.more} more={list.more} busy={list.busy} />}
    </AdminPage>
  );
}
