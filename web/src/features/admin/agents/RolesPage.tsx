import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { type Column, ConfirmDialog, DataTable, Pager } from "../../../ui/forms.ts";
import { Button, Placeholder } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useAct, useParts, useSend } from "../api/hooks.ts";
import { usePersons } from "../api/people.ts";
import type { Grant, Person } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { focusTitle } from "../common/focus.ts";
import { day, number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { ActFailed, Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { GiveRole } from "./GiveRole.tsx";
import { texts } from "./texts.ts";

const GRANTS = "grants";

/** `/administration/agents/roles`: who may what for an administration. */
export function RolesPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { current } = useScope();
  const send = useSend(GRANTS, "organisation");
  const [removing, setRemoving] = useState<Grant>();
  const [button, setButton] = useState<HTMLElement | null>(null);
  const list = useParts<Grant>(GRANTS, `/api/v1/admin/grants${query({ organisation: current.id })}`);
  const { items } = list;
  const givers = usePersons([...new Set(items?.flatMap(({ by }) => by ?? []))]);
  const removal = useAct(async ({ id }: Grant) => {
    await send({ method: "DELETE", path: `/api/v1/admin/grants/${id}` });
    // The button that opened the dialog went with its line.
    focusTitle();
  });
  const ask = (grant: Grant, from: HTMLElement) => {
    setButton(from);
    removal.reset();
    setRemoving(grant);
  };
  const remove = () => {
    if (removing !== undefined) removal.mutate(removing);
    setRemoving(undefined);
  };
  const last = removal.error !== null && isLast(removal.error);
  return (
    <AdminPage title={t.rolesTitle} above={[{ label: t.title, to: `${BASE}/agents` }]} intro={t.rolesIntro(current.label)}>
      {items === undefined ? null : <GiveRole give={(body) => send({ method: "POST", path: "/api/v1/admin/grants", body })} />}
      {last ? <p role="alert">{t.lastOne}</p> : <ActFailed error={removal.error} />}
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {items?.length === 0 ? (
        <Placeholder icon="team-line" title={t.noGrants}>
          {null}
        </Placeholder>
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.grantsCaption} columns={columns(t, c.actions, locale, givers, ask)} rows={items} keyOf={({ id }) => id} />
          {list.more === undefined ? null : (
            <Pager summary={number(items.length, locale)} moreLabel={c.more} more={list.more} busy={list.busy} />
          )}
        </div>
      )}
      <ConfirmDialog
        open={removing !== undefined}
        title={t.removeTitle}
        confirmLabel={t.removeTitle}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={{ current: button }}
        onConfirm={remove}
        onClose={() => setRemoving(undefined)}
      >
        <p>{removing === undefined ? null : t.removeText(removing.agent.displayName, t[removing.role])}</p>
      </ConfirmDialog>
    </AdminPage>
  );
}

/** A refusal to leave an administration without anybody. */
function isLast(error: Error): boolean {
  return error instanceof ApiFailure && error.problem?.status === 409;
}

function columns(
  t: (typeof texts)["fr"],
  actions: string,
  locale: Locale,
  givers: ReadonlyMap<string, Person>,
  ask: (grant: Grant, button: HTMLElement) => void,
): Column<Grant>[] {
  const reach = ({ role, subtree }: Grant) => (role === "operator" ? t.everywhere : subtree ? t.withServices : t.only);
  return [
    {
      key: "agent",
      title: t.agent,
      head: true,
      cell: ({ agent }) => (
        <>
          <b>{agent.displayName}</b>
          <small>{agent.email}</small>
        </>
      ),
    },
    {
      key: "role",
      title: t.role,
      cell: ({ role, by, at }) => {
        const giver = givers.get(by ?? "");
        const when = day(at, locale);
        return (
          <>
            {t[role]}
            <small>{giver === undefined ? t.givenOn(when) : t.givenBy(giver.displayName, when)}</small>
          </>
        );
      },
    },
    {
      key: "reach",
      title: t.reach,
      cell: (grant) => (
        <>
          {grant.organisation?.label}
          <small>{reach(grant)}</small>
        </>
      ),
    },
    { key: "end", title: t.end, cell: ({ until }) => (until ? day(until, locale) : t.noEnd) },
    {
      key: "actions",
      title: actions,
      quiet: true,
      cell: (grant) => (
        <div className="bs-actions">
          <Button
            kind="tertiary"
            small
            aria-label={t.removeOf(grant.agent.displayName, t[grant.role])}
            onClick={(event) => ask(grant, event.currentTarget)}
          >
            {t.remove}
          </Button>
        </div>
      ),
    },
  ];
}
