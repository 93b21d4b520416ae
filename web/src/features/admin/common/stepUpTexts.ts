import { dictionary } from "../../../i18n/dictionary.ts";

/** Roles that wait for a stronger sign-in. */
export const texts = dictionary(
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
