import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Route, Routes } from "react-router";

import { AccountPage } from "../features/account/index.ts";
import { AdminApp } from "../features/admin/index.ts";
import { DirectoryPage, PersonPage } from "../features/directory/index.ts";
import { Guests } from "../features/guests/index.ts";
import { useSession } from "../features/identity/index.ts";
import { InboxPage } from "../features/inbox/index.ts";
import { AnnouncementsPage, HomePage, RequestPage, ToolsPage } from "../features/portal/index.ts";
import { SettingsPage } from "../features/settings/index.ts";
import { NotFoundPage } from "./NotFoundPage.tsx";
import { Shell } from "./Shell.tsx";

/** The application inside a router. */
export function App({ queryClient }: { queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Routes>
        <Route element={<Shell />}>
          <Route index element={<HomePage />} />
          <Route path="/outils" element={<ToolsPage />} />
          <Route path="/outils/demander" element={<AskForTool />} />
          <Route path="/annonces" element={<AnnouncementsPage />} />
          <Route path="/notifications" element={<InboxPage />} />
          <Route path="/annuaire" element={<DirectoryPage />} />
          <Route path="/annuaire/:id" element={<PersonPage />} />
          <Route path="/reglages" element={<SettingsPage />} />
          <Route path="/compte" element={<AccountPage />} />
          <Route path="/invites" element={<Guests />} />
          <Route path="/administration/*" element={<AdminApp guests={Guests} />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </QueryClientProvider>
  );
}

/** The draft of a request is its agent's own. */
function AskForTool() {
  return <RequestPage owner={useSession().data?.agent.id} />;
}

