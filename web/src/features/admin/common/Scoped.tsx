import { type ComponentType, type ReactNode, useMemo, useState } from "react";

import { useSession } from "../../identity/index.ts";
import { useOrganisations } from "../api/people.ts";
import type { Organisation, OwnGrant, Role } from "../api/shapes.ts";
import { administered, type AdminScope, holds, ScopeContext } from "./scope.ts";
import { Failed, LoadingRows } from "./States.tsx";
import { StepUp } from "./StepUp.tsx";

interface Parts extends Pick<AdminScope, "guests"> {
  menu: ReactNode;
  /** The pages, made anew for each administration. */
  routes: ComponentType<{ administrator: boolean }>;
  /** For who administers nothing. */
  forbidden: ComponentType<{ organisation: string }>;
}

/** What the reader's grants open, for one administration at a time. */
export function Scoped(parts: Parts) {
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
  return <OfGrants {...parts} agent={agent} grants={grants} all={organisations.data.data.items} home={agent.organisation} />;
}

const CHOSEN = "besace-admin-organisation";

function keptChoice(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

interface OfGrantsProps extends Parts {
  agent: { id: string; displayName: string };
  grants: readonly OwnGrant[];
  all: readonly Organisation[];
  /** The reader's own administration: the first choice when it is among theirs. */
  home: Organisation;
}

function OfGrants({ agent, grants, all, home, guests, menu, routes: Pages, forbidden: Refused }: OfGrantsProps) {
  const [chosen, setChosen] = useState(keptChoice);
  const organisations = useMemo(() => new Map(all.map((one) => [one.id, one])), [all]);
  const mine = useMemo(() => administered(grants, organisations), [grants, organisations]);
  const granted = grants.find(({ organisation }) => organisation)?.organisation?.id;
  const pick = (id: string | null | undefined) => mine.find((one) => one.id === id);
  const current = pick(chosen) ?? pick(home.id) ?? pick(granted) ?? mine[0];
  if (current === undefined) return <Refused organisation={home.label} />;

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
        {menu}
        <div className="bs-admin__main">
          <Pages key={current.id} administrator={scope.may("administrator")} />
        </div>
      </div>
    </ScopeContext>
  );
}
