import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Column, DataTable, Pager } from "../../../ui/forms.ts";
import { Badge, Placeholder } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useParts } from "../api/hooks.ts";
import { isBroker, type Provider } from "../api/providerShapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { PROVIDERS, ROOT } from "./api.ts";
import { presetName } from "./presets.ts";
import { texts } from "./texts.ts";

/** `/administration/fournisseurs`: the identity services of administrations. */
export function ProvidersPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const { current } = useScope();
  const list = useParts<Provider>(PROVIDERS, `${ROOT}${query({ organisation: current.id })}`);
  const { items } = list;
  const empty = items?.length === 0;
  const create = (
    <Link className="fr-btn" to={`${BASE}/fournisseurs/nouveau`}>
      {t.create}
    </Link>
  );
  return (
    <AdminPage title={t.title} intro={t.intro} actions={items === undefined || empty ? undefined : create}>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {empty ? (
        <Placeholder icon="shield-line" title={t.emptyTitle}>
          <p>{t.emptyText}</p>
          <div className="bs-actions">{create}</div>
        </Placeholder>
      ) : null}
      {items === undefined || empty ? null : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.caption} columns={columns(t)} rows={items} keyOf={({ id }) => id} />
          {list.more === undefined ? null : <Pager summary="" moreLabel={c.more} more={list.more} busy={list.busy} />}
        </div>
      )}
    </AdminPage>
  );
}

function columns(t: (typeof texts)["fr"]): Column<Provider>[] {
  return [
    {
      key: "title",
      title: t.provider,
      head: true,
      cell: ({ id, title, preset }) => (
        <>
          <Link className="bs-link" to={`${BASE}/fournisseurs/${id}`}>
            {title}
          </Link>
          <small>{presetName(preset, t.generic)}</small>
        </>
      ),
    },
    { key: "domains", title: t.domains, cell: ({ preset, domains }) => (isBroker(preset) ? t.anyDomain : domains.join(", ")) },
    { key: "organisation", title: t.organisation, cell: ({ organisation }) => organisation.label },
    {
      key: "state",
      title: t.state,
      cell: ({ enabled, readOnly }) => (
        <>
          <StateOfProvider enabled={enabled} />
          {readOnly ? <small>{t.configured}</small> : null}
        </>
      ),
    },
  ];
}

/** Whether agents sign in through it. */
export function StateOfProvider({ enabled }: { enabled: boolean }) {
  const t = useTexts(texts);
  return enabled ? (
    <Badge tone="ok" icon="check-line">
      {t.open}
    </Badge>
  ) : (
    <Badge icon="time-line">{t.closed}</Badge>
  );
}
