import { useState } from "react";
import { useParams } from "react-router";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { ActButton, type Column, DataTable, Pager, Segmented } from "../../../ui/forms.ts";
import { Icon, Placeholder } from "../../../ui/index.ts";
import { query, read } from "../api/call.ts";
import { useAct, useParts } from "../api/hooks.ts";
import type { Readers } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { csv, download } from "../common/csv.ts";
import { dayAndTime, number, said } from "../common/format.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { ANNOUNCEMENTS, ROOT, useAnnouncement } from "./api.ts";
import { texts } from "./texts.ts";

type Reader = Readers["items"][number];
type Shown = "true" | "false";

/** `/administration/annonces/:id/lecteurs`: who confirmed, who has not yet. */
export function ReadersPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { id = "" } = useParams();
  const [shown, setShown] = useState<Shown>("false");
  const announcement = useAnnouncement(id).data?.data;
  const path = (confirmed: Shown) => `${ROOT}/${id}/readers${query({ confirmed })}`;
  const list = useParts<Reader, Readers>(ANNOUNCEMENTS, path(shown));
  const { items, first } = list;
  const exporting = useAct(async () => download(`${t.exportName}.csv`, csv(await everyReader(path, t, locale))));
  return (
    <AdminPage
      title={t.readersTitle}
      above={[
        { label: t.title, to: `${BASE}/annonces` },
        ...(announcement === undefined ? [] : [{ label: said(announcement.title, locale), to: `${BASE}/annonces/${id}` }]),
      ]}
      intro={first === undefined ? undefined : introOf(first, t, locale)}
      actions={
        <ActButton small off={exporting.isPending || items === undefined} onClick={() => exporting.mutate(undefined)}>
          <Icon name="download-line" />
          {exporting.isPending ? t.exporting : t.export}
        </ActButton>
      }
    >
      <p role="alert">{exporting.error === null ? null : t.exportFailed}</p>
      <div className="bs-filterbar">
        <Segmented<Shown>
          label={t.readersShown}
          value={shown}
          choices={[
            { value: "false", label: t.notYet },
            { value: "true", label: t.confirmed },
          ]}
          onChange={setShown}
        />
      </div>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {items?.length === 0 ? (
        <Placeholder icon="team-line" title={shown === "true" ? t.nobodyConfirmed : t.everybodyConfirmed}>
          {null}
        </Placeholder>
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.readersCaption} columns={columns(t, locale)} rows={items} keyOf={(reader) => reader.id} />
          <Pager summary={number(items.length, locale)} moreLabel={c.more} more={list.more} busy={list.busy} />
        </div>
      )}
    </AdminPage>
  );
}

function columns(t: (typeof texts)["fr"], locale: Locale): Column<Reader>[] {
  return [
    { key: "agent", title: t.agent, head: true, cell: ({ displayName }) => <b>{displayName}</b> },
    { key: "organisation", title: t.organisation, cell: ({ organisation }) => organisation.label },
    { key: "email", title: t.email, cell: ({ email }) => email },
    { key: "readAt", title: t.confirmedOn, cell: ({ readAt }) => (readAt ? dayAndTime(readAt, locale) : t.notYet) },
  ];
}

/** How many of those it is for have read it. */
function introOf({ confirmed, expected }: Readers, t: (typeof texts)["fr"], locale: Locale): string {
  const [some, all] = [number(confirmed, locale), number(expected, locale)];
  return plural(locale, confirmed, t.readersIntroOne(some, all), t.readersIntro(some, all));
}

/** The whole public, confirmed first, as the rows of a file. */
async function everyReader(path: (confirmed: Shown) => string, t: (typeof texts)["fr"], locale: Locale): Promise<string[][]> {
  const rows = [[t.agent, t.organisation, t.email, t.confirmedOn]];
  for (const confirmed of ["true", "false"] as const) {
    let cursor: string | undefined = "";
    while (cursor !== undefined) {
      const from: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      // One part after the other: each says where the next one starts.
      // oxlint-disable-next-line no-await-in-loop
      const { data }: { data: Readers } = await read<Readers>(`${path(confirmed)}${from}`);
      for (const { displayName, organisation, email, readAt } of data.items) {
        rows.push([displayName, organisation.label, email, readAt ? dayAndTime(readAt, locale) : ""]);
      }
      cursor = data.next ?? undefined;
    }
  }
  return rows;
}
