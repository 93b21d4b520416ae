import type { ReactNode } from "react";
import { useParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useResource } from "../api/hooks.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { Failed, LoadingRows } from "../common/States.tsx";
import { AccountActs } from "./AccountActs.tsx";
import { type AccountInFull, ACCOUNTS, ROOT } from "./api.ts";
import { FactorOfAccount, StateOfAccount } from "./StateOfAccount.tsx";
import { texts } from "./texts.ts";

/** `/administration/comptes/:id`: one account, how it stands, and what may be done to it. */
export function AccountPage() {
  const { id = "" } = useParams();
  const t = useTexts(texts);
  const { data, error, refetch } = useResource<AccountInFull>(ACCOUNTS, { path: `${ROOT}/${id}` });
  const above = [{ label: t.title, to: `${BASE}/comptes` }];
  if (data === undefined) {
    return (
      <AdminPage title={t.account} above={above}>
        {error === null ? <LoadingRows /> : <Failed error={error} onRetry={() => void refetch()} />}
      </AdminPage>
    );
  }
  const account = data.data;
  return (
    <AdminPage title={account.displayName} above={above} intro={[account.unit, account.organisation?.label].filter(Boolean).join(", ")}>
      <section className="bs-card bs-sheet" aria-labelledby="account">
        <h2 id="account">{t.account}</h2>
        <dl className="bs-facts">
          <Fact term={t.email}>{account.email}</Fact>
          <Fact term={t.state}>
            <StateOfAccount account={account} />
          </Fact>
          <Fact term={t.factor}>
            <FactorOfAccount account={account} />
          </Fact>
          <Fact term={t.origin}>{account.origin === "configured" ? t.configured : t.invited}</Fact>
        </dl>
        <AccountActs account={account} />
      </section>
    </AdminPage>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
