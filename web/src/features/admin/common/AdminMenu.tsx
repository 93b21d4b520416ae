import { useTexts } from "../../../i18n/dictionary.ts";
import { usePendingRequests } from "../requests/pendingRequests.ts";
import { texts } from "../texts.ts";
import { type Entry, MenuFrame } from "./MenuFrame.tsx";
import { useScope } from "./scope.ts";

/** The parts of the administration that the grants open. */
export function AdminMenu() {
  const t = useTexts(texts);
  const { may } = useScope();
  const administrator = may("administrator");
  const pending = usePendingRequests(administrator);

  const work: Entry[] = administrator
    ? [
        { to: "", label: t.overview, icon: "dashboard-3-line" },
        { to: "/outils", label: t.tools, icon: "layout-grid-line" },
        { to: "/demandes", label: t.requests, icon: "chat-check-line", count: pending },
        { to: "/annonces", label: t.announcements, icon: "megaphone-line" },
        { to: "/agents", label: t.agents, icon: "team-line" },
        { to: "/invites", label: t.guests, icon: "user-line" },
      ]
    : [{ to: "/annonces", label: t.announcements, icon: "megaphone-line" }];
  const trust: Entry[] = administrator
    ? [
        { to: "/organisation", label: t.organisation, icon: "bank-line" },
        { to: "/fournisseurs", label: t.providers, icon: "shield-line" },
        { to: "/journal", label: t.journal, icon: "file-text-line" },
      ]
    : [];
  return <MenuFrame work={work} trust={trust} />;
}
