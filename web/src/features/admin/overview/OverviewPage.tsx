import { Link } from "react-router";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Totals } from "../../../ui/forms.ts";
import { Icon, type IconName } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useParts, useResource } from "../api/hooks.ts";
import type { OrganisationSheet, ToolLine } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { usePendingRequests } from "../requests/pendingRequests.ts";
import { texts } from "./texts.ts";

/** `/administration`: what waits, a few figures, and where to start. */
export function OverviewPage() {
  const t = useTexts(texts);
  const locale = useLocale();
  const { current } = useScope();
  const sheet = useResource<OrganisationSheet>("organisation", { path: `/api/v1/admin/organisation/${current.id}` });
  const tools = useParts<ToolLine>("home", `/api/v1/admin/tools${query({ organisation: current.id })}`);
  const pending = usePendingRequests(true);
  const n = (value: number) => number(value, locale);
  const waiting = plural(locale, pending, t.waitingOne, t.waiting(n(pending)));
  return (
    <AdminPage title={t.title} intro={t.intro(current.label)}>
      {sheet.data === undefined && sheet.error === null ? <LoadingRows /> : null}
      {sheet.data === undefined && sheet.error !== null ? (
        <Failed error={sheet.error} onRetry={() => void sheet.refetch()} />
      ) : null}
      {sheet.data === undefined ? null : (
        <>
          <Figures sheet={sheet.data.data} tools={tools.more === undefined ? tools.items : undefined} />
          <div className="bs-cardstack bs-cardstack--2">
            <section className="bs-card" aria-labelledby="to-do">
              <h2 id="to-do">{t.toDo}</h2>
              <p>{pending === 0 ? t.nothing : waiting}</p>
              <Link className="bs-link" to={`${BASE}/demandes`}>
                {t.seeRequests}
              </Link>
            </section>
            <section className="bs-card" aria-labelledby="start">
              <h2 id="start">{t.quick}</h2>
              <ul className="bs-list">
                <Start to="/outils/nouveau" icon="layout-grid-line" label={t.publishTool} detail={t.publishToolText} />
                <Start to="/annonces/nouvelle" icon="megaphone-line" label={t.announce} detail={t.announceText} />
                <Start to="/agents/import" icon="upload-2-line" label={t.import} detail={t.importText} />
                <Start to="/fournisseurs/nouveau" icon="shield-line" label={t.provider} detail={t.providerText} />
              </ul>
            </section>
          </div>
        </>
      )}
    </AdminPage>
  );
}

/** `tools` is absent while not all of them are known: a figure is whole or is not shown. */
function Figures({ sheet, tools }: { sheet: OrganisationSheet; tools: readonly ToolLine[] | undefined }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const n = (value: number) => number(value, locale);
  const drafts = tools?.filter(({ state }) => state === "draft").length ?? 0;
  const published = tools?.filter(({ state }) => state === "published").length ?? 0;
  const words = drafts === 0 ? t.draftsNone : plural(locale, drafts, t.draftsOne, t.drafts(n(drafts)));
  return (
    <Totals
      items={[
        ...(tools === undefined ? [] : [{ label: t.tools, value: n(published), detail: words }]),
        { label: t.agents, value: n(sheet.agents) },
        { label: t.administrators, value: n(sheet.administrators.length) },
      ]}
    />
  );
}

function Start({ to, icon, label, detail }: { to: string; icon: IconName; label: string; detail: string }) {
  return (
    <li>
      <Link className="bs-tile" to={`${BASE}${to}`}>
        <span className="bs-tile__icon c-brand">
          <Icon name={icon} />
        </span>
        <span>
          <b>{label}</b>
          <small>{detail}</small>
        </span>
      </Link>
    </li>
  );
}
