import { useLocation } from "react-router";

import { dictionary, useTexts } from "../../../i18n/dictionary.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { Placeholder } from "../../../ui/index.ts";
import { texts as common } from "../texts.ts";

const texts = dictionary(
  {
    title: "Un second facteur est demandé ici",
    text: "Votre session a été ouverte avec un mot de passe seul. Vos droits d’administration attendent une connexion plus forte.",
    back: "Votre ministère vous le demandera, puis vous reviendrez sur cette page. Ce que vous aviez écrit est gardé.",
    go: "Se connecter avec un second facteur",
  },
  {
    title: "A second factor is asked for here",
    text: "Your session was opened with a password alone. Your rights as an administrator wait for a stronger sign-in.",
    back: "Your ministry will ask you for it, then you will come back to this page. What you had written is kept.",
    go: "Sign in with a second factor",
  },
);

/** Roles that this session may not use yet: how it becomes one that may, and comes back here. */
export function StepUp() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const { pathname, search } = useLocation();
  useDocumentTitle(c.administration);
  const query = new URLSearchParams({ renforcer: "1", retour: `${pathname}${search}` });
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{c.administration}</h1>
      </div>
      <Placeholder icon="lock-line" title={t.title}>
        <p>{t.text}</p>
        <p>{t.back}</p>
        <div className="bs-actions">
          <a className="fr-btn" href={`/connexion?${query}`}>
            {t.go}
          </a>
        </div>
      </Placeholder>
    </>
  );
}
