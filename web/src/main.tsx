import "./ui/index.ts";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";

import { App } from "./app/App.tsx";
import { ErrorBoundary } from "./app/ErrorBoundary.tsx";
import { currentLocale } from "./i18n/locale.ts";
import { watchFailures } from "./lib/client-errors.ts";
import { forgetDrafts } from "./lib/draft.ts";
import { onLeave } from "./lib/leaving.ts";
import { keepForOffline } from "./lib/offline.ts";
import { followSystemTheme } from "./lib/preferences/theme.ts";
import { makeQueryClient } from "./lib/query.ts";
import { reloadAfterUpgrade } from "./lib/upgrade.ts";

document.documentElement.lang = currentLocale();
followSystemTheme();
watchFailures();
reloadAfterUpgrade();
onLeave(() => forgetDrafts());
if (import.meta.env.PROD) keepForOffline();

const root = document.querySelector("#root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <BrowserRouter>
          <App queryClient={makeQueryClient()} />
        </BrowserRouter>
      </ErrorBoundary>
    </StrictMode>,
  );
}
