import { Route, Routes } from "react-router";

import { AgentPage } from "./agents/AgentPage.tsx";
import { AgentsPage } from "./agents/AgentsPage.tsx";
import { ImportPage } from "./agents/ImportPage.tsx";
import { RolesPage } from "./agents/RolesPage.tsx";
import { AnnouncementPage } from "./announcements/AnnouncementPage.tsx";
import { AnnouncementsPage } from "./announcements/AnnouncementsPage.tsx";
import { ReadersPage } from "./announcements/ReadersPage.tsx";
import { AdminMenu } from "./common/AdminMenu.tsx";
import { Forbidden, NotThisPart } from "./common/Forbidden.tsx";
import { Scoped } from "./common/Scoped.tsx";
import type { AdminScope } from "./common/scope.ts";
import { InvitesPage } from "./guests/InvitesPage.tsx";
import { JournalPage } from "./journal/JournalPage.tsx";
import { OrganisationPage } from "./organisation/OrganisationPage.tsx";
import { OverviewPage } from "./overview/OverviewPage.tsx";
import { ProviderPage } from "./providers/ProviderPage.tsx";
import { ProvidersPage } from "./providers/ProvidersPage.tsx";
import { RequestsPage } from "./requests/RequestsPage.tsx";
import { ToolPage } from "./tools/ToolPage.tsx";
import { ToolsPage } from "./tools/ToolsPage.tsx";

/** `/administration/*`: what the reader's grants open, for one administration at a time. */
export default function AdminApp({ guests }: Pick<AdminScope, "guests">) {
  return <Scoped menu={<AdminMenu />} guests={guests} routes={AdminRoutes} forbidden={Forbidden} />;
}

/** What an announcer's grant does not open is absent from the menu; its address says who could open it. */
function AdminRoutes({ administrator }: { administrator: boolean }) {
  const announcing = (
    <>
      <Route path="annonces" element={<AnnouncementsPage />} />
      <Route path="annonces/:id" element={<AnnouncementPage />} />
      <Route path="annonces/:id/lecteurs" element={<ReadersPage />} />
    </>
  );
  if (!administrator) {
    return (
      <Routes>
        <Route index element={<AnnouncementsPage />} />
        {announcing}
        <Route path="*" element={<NotThisPart />} />
      </Routes>
    );
  }
  return (
    <Routes>
      <Route index element={<OverviewPage />} />
      <Route path="outils" element={<ToolsPage />} />
      <Route path="outils/:id" element={<ToolPage />} />
      <Route path="demandes" element={<RequestsPage />} />
      {announcing}
      <Route path="agents" element={<AgentsPage />} />
      <Route path="agents/:id" element={<AgentPage />} />
      <Route path="agents/roles" element={<RolesPage />} />
      <Route path="agents/import" element={<ImportPage />} />
      <Route path="agents/import/:id" element={<ImportPage />} />
      <Route path="invites" element={<InvitesPage />} />
      <Route path="organisation" element={<OrganisationPage />} />
      <Route path="fournisseurs" element={<ProvidersPage />} />
      <Route path="fournisseurs/:id" element={<ProviderPage />} />
      <Route path="journal" element={<JournalPage />} />
      <Route path="*" element={<NotThisPart />} />
    </Routes>
  );
}
