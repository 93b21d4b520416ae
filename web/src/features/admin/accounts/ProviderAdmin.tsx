import { Link, Navigate, Route, Routes } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { Placeholder } from "../../../ui/index.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { MenuFrame } from "../common/MenuFrame.tsx";
import { Scoped } from "../common/Scoped.tsx";
import { useScope } from "../common/scope.ts";
import { AccountPage } from "./AccountPage.tsx";
import { AccountsPage } from "./AccountsPage.tsx";
import { InvitePage } from "./InvitePage.tsx";
import { texts } from "./texts.ts";

/** `/administration/*` where people sign in here with a password: there is no portal beside it. */
export default function ProviderAdmin() {
  return <Scoped menu={<ProviderMenu />} guests={Nobody} routes={Pages} forbidden={Refused} />;
}

/** Nobody is invited to a provider as a guest. */
function Nobody() {
  return null;
}

function ProviderMenu() {
  const t = useTexts(texts);
  return useScope().may("administrator") ? <MenuFrame work={[{ to: "/comptes", label: t.title, icon: "user-line" }]} /> : null;
}

function Pages({ administrator }: { administrator: boolean }) {
  const { current } = useScope();
  if (!administrator) return <Refused organisation={current.label} />;
  return (
    <Routes>
      <Route index element={<Navigate to={`${BASE}/comptes`} replace />} />
      <Route path="comptes" element={<AccountsPage />} />
      <Route path="comptes/nouveau" element={<InvitePage />} />
      <Route path="comptes/:id" element={<AccountPage />} />
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}

/** No grant that opens this: what it is for, and who could open it. */
function Refused({ organisation }: { organisation: string }) {
  const t = useTexts(texts);
  useDocumentTitle(t.title);
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.title}</h1>
      </div>
      <Placeholder icon="lock-line" title={t.refusedTitle}>
        <p>{t.refusedText(organisation)}</p>
        <div className="bs-actions">
          <a className="fr-btn" href="/compte">
            {t.goAccount}
          </a>
        </div>
      </Placeholder>
    </>
  );
}

function Missing() {
  const t = useTexts(texts);
  return (
    <AdminPage title={t.missing}>
      <Placeholder icon="question-line" title={t.missing}>
        <p>{t.missingText}</p>
        <div className="bs-actions">
          <Link className="fr-btn" to={`${BASE}/comptes`}>
            {t.goList}
          </Link>
        </div>
      </Placeholder>
    </AdminPage>
  );
}
