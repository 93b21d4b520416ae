import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Totals } from "../../../ui/forms.ts";
import { useResource } from "../api/hooks.ts";
import type { OrganisationSheet } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { OrganisationForm } from "./OrganisationForm.tsx";
import { texts } from "./texts.ts";


/** `/administration/organisation`: what an administration is called, and who administers it. */
export function OrganisationPage() {
  const t = useTexts(texts);
  const { current } = useScope();
  const { data, error, refetch } = useResource<OrganisationSheet>("organisation", { path: `/api/v1/admin/organisation/${current.id}` });
  return (
    <AdminPage title={t.title} intro={t.intro}>
      {data === undefined && error === null ? <LoadingRows /> : null}
      {data === undefined && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : <Sheet sheet={data.data} tag={data.tag} />}
    </AdminPage>
  );
}

function Sheet({ sheet, tag }: { sheet: OrganisationSheet; tag: string | undefined }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { administrators } = sheet;
  return (
    <>
      <Totals
        items={[
          { label: t.agents, value: number(sheet.agents, locale) },
          { label: t.administrators, value: number(administrators.length, locale) },
        ]}
      />
      <div className="bs-cardstack bs-cardstack--2">
        <section className="bs-card" aria-labelledby="identity">
          <h2 id="identity">{t.identity}</h2>
          <OrganisationForm key={sheet.id} sheet={sheet} tag={tag} />
        </section>
        <section className="bs-card" aria-labelledby="administrators">
          <h2 id="administrators">{t.administrators}</h2>
          {administrators.length === 0 ? <p>{t.noAdministrator}</p> : null}
          <ul className="bs-list bs-causes">
            {administrators.map((person) => {
              const { displayName, email } = typeof person === "string" ? { displayName: person, email: undefined } : person;
              return (
                <li key={email ?? displayName}>
                  <b>{displayName}</b> {email}
                </li>
              );
            })}
          </ul>
          <div className="bs-actions bs-actions--start">
            <Link className="fr-btn fr-btn--secondary fr-btn--sm" to={`${BASE}/agents/roles`}>
              {t.roles}
            </Link>
            <Link className="bs-link" to={`${BASE}/agents`}>
              {t.seeAgents}
            </Link>
          </div>
        </section>
      </div>
    </>
  );
}
