import { useMemo, useState } from "react";
import { Route, Routes } from "react-router";

import { useSession } from "../identity/index.ts";
import { AgentPage } from "./agents/AgentPage.tsx";
import { AgentsPage } from "./agents/AgentsPage.tsx";
import { ImportPage } from "./agents/ImportPage.tsx";
import { RolesPage } from "./agents/RolesPage.tsx";
import { AnnouncementPage } from "./announcements/AnnouncementPage.tsx";
import { AnnouncementsPage } from "./announcements/AnnouncementsPage.tsx";
import { ReadersPage } from "./announcements/ReadersPage.tsx";
import { useOrganisations } from "./api/people.ts";
import type { Organisation, OwnGrant, Role } from "./api/shapes.ts";
import { AdminMenu } from "./common/AdminMenu.tsx";
import { Forbidden, NotThisPart } from "./common/Forbidden.tsx";
import { administered, type AdminScope, holds, ScopeContext } from "./common/scope.ts";
import { Failed, LoadingRows } from "./common/States.tsx";
import { StepUp } from "./common/StepUp.tsx";
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
  const session = useSession();
  const organisations = useOrganisations();
  if (session.data === undefined || organisations.data === undefined) {
    const error = session.error ?? organisations.error;
    const retry = () => void Promise.all([session.refetch(), organisations.refetch()]);
    return error === null ? <LoadingRows /> : <Failed error={error} onRetry={retry} />;
  }
  const { agent } = session.data;
  if (session.data.rolesNeed !== undefined) return <StepUp />;
  const grants = (session.data.grants ?? []) as readonly OwnGrant[];
  return <Scoped agent={agent} grants={grants} all={organisations.data.data.items} home={agent.organisation} guests={guests} />;
}

const CHOSEN = "besace-admin-organisation";

function keptChoice(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

interface ScopedProps extends Pick<AdminScope, "guests"> {
  agent: { id: string; displayName: string };
  grants: readonly OwnGrant[];
  all: readonly Organisation[];
  /** The reader's own administration: the first choice when it is among theirs. */
  home: Organisation;
}

function Scoped({ agent, grants, all, home, guests }: ScopedProps) {
  const [chosen, setChosen] = useState(keptChoice);
  const organisations = useMemo(() => new Map(all.map((one) => [one.id, one])), [all]);
  const mine = useMemo(() => administered(grants, organisations), [grants, organisations]);
  const granted = grants.find(({ organisation }) => organisation)?.organisation?.id;
  const pick = (id: string | null | undefined) => mine.find((one) => one.id === id);
  const current = pick(chosen) ?? pick(home.id) ?? pick(granted) ?? mine[0];
  if (current === undefined) return <Forbidden organisation={home.label} />;

  const scope: AdminScope = {
    agent,
    organisations,
    mine,
    current,
    operator: grants.some(({ role }) => role === "operator"),
    guests,
    may: (role: Role) => grants.some((grant) => holds(grant, role, current.id, organisations)),
    choose: (id) => {
      setChosen(id);
      try {
        localStorage.setItem(CHOSEN, id);
      } catch {
        // Storage may be refused: the choice then lasts as long as the page.
      }
    },
  };
  return (
    <ScopeContext value={scope}>
      <div className="bs-admin">
        <AdminMenu />
        <div className="bs-admin__main">
          <AdminRoutes key={current.id} administrator={scope.may("administrator")} />
        </div>
      </div>
    </ScopeContext>
  );
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
