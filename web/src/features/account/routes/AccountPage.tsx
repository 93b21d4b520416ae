import "../../../ui/styles/settings.css";
import "../../../ui/styles/account.css";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { useSession } from "../../identity/index.ts";
import { EXPORT } from "../api/account.ts";
import { ApplicationsCard } from "../components/ApplicationsCard.tsx";
import { SessionsCard } from "../components/SessionsCard.tsx";
import { TokensCard } from "../components/TokensCard.tsx";
import { texts } from "../texts.ts";

/** `/compte`: where the reader is signed in, and what Besace and applications have of them. */
export default function AccountPage() {
  const t = useTexts(texts);
  useDocumentTitle(t.title);
  const organisation = useSession().data?.agent.organisation.label;
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.title}</h1>
        {organisation === undefined ? null : <p>{t.intro(organisation)}</p>}
      </div>
      <div className="bs-cols bs-settings">
        <div>
          <SessionsCard />
          <TokensCard />
        </div>
        <div>
          <ApplicationsCard />
          <DataCard />
        </div>
      </div>
    </>
  );
}

/** Everything that is kept, as a file. */
function DataCard() {
  const t = useTexts(texts);
  return (
    <section className="bs-card" aria-labelledby="data">
      <h2 id="data">{t.dataTitle}</h2>
      <p>{t.dataText}</p>
      {/* A link, not a request: the browser keeps the file. */}
      <a className="fr-btn fr-btn--sm fr-btn--secondary" href={EXPORT} download="besace-mes-donnees.json" aria-describedby="data-hint">
        {t.download}
      </a>
      <p id="data-hint" className="bs-small">
        {t.downloadHint}
      </p>
    </section>
  );
}
