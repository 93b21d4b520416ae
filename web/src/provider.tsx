import "./ui/index.ts";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";

import { ErrorBoundary } from "./app/ErrorBoundary.tsx";
import { ProviderApp } from "./app/provider/ProviderApp.tsx";
import { currentLocale } from "./i18n/locale.ts";
import { watchFailures } from "./lib/client-errors.ts";
import { followSystemTheme } from "./lib/preferences/theme.ts";
import { makeQueryClient } from "./lib/query.ts";
import { reloadAfterUpgrade } from "./lib/upgrade.ts";

// No copy is kept for use without network: nothing here is of use without its server.
document.documentElement.lang = currentLocale();
followSystemTheme();
watchFailures();
reloadAfterUpgrade();

const root = document.querySelector("#root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <BrowserRouter>
          <ProviderApp queryClient={makeQueryClient()} />
        </BrowserRouter>
      </ErrorBoundary>
    </StrictMode>,
  );
}
