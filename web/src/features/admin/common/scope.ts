import { type ComponentType, createContext, useContext } from "react";

import type { Named, Organisation, OwnGrant, Role } from "../api/shapes.ts";

/** What the reader administers, and for whom they act now. */
export interface AdminScope {
  agent: { id: string; displayName: string };
  /** Every administration, by id. */
  organisations: ReadonlyMap<string, Organisation>;
  /** Those the reader may act for. */
  mine: readonly Organisation[];
  current: Named;
  choose: (id: string) => void;
  /** Whether the reader may act in a role for the current administration. */
  may: (role: Role) => boolean;
  operator: boolean;
  /** The invitations of an administration, shown by the feature that owns them. */
  guests: ComponentType<{ organisation: string; inviter?: string | undefined }>;
}

export const ScopeContext = createContext<AdminScope | undefined>(undefined);

/** The scope of the screen. */
export function useScope(): AdminScope {
  const scope = useContext(ScopeContext);
  if (scope === undefined) throw new Error("outside of the administration");
  return scope;
}

/** The administrations above one, nearest first. */
export function ancestorsOf(id: string, organisations: ReadonlyMap<string, Organisation>): string[] {
  const above: string[] = [];
  let parent = organisations.get(id)?.parent;
  while (parent && !above.includes(parent)) {
    above.push(parent);
    parent = organisations.get(parent)?.parent;
  }
  return above;
}

/** Whether a grant holds for an administration in a role; an operator may all, an administrator announces too. */
export function holds(grant: OwnGrant, role: Role, id: string, organisations: ReadonlyMap<string, Organisation>): boolean {
  if (grant.role === "operator") return true;
  const implied = grant.role === role || (grant.role === "administrator" && role === "announcer");
  const root = grant.organisation?.id;
  if (!implied || root === undefined) return false;
  return root === id || (grant.subtree === true && ancestorsOf(id, organisations).includes(root));
}

/** The administrations that some of the grants open, in the order of their names. */
export function administered(grants: readonly OwnGrant[], organisations: ReadonlyMap<string, Organisation>): Organisation[] {
  const named = grants.flatMap(({ organisation }) => (organisation ? [[organisation.id, organisation] as const] : []));
  const all = new Map<string, Organisation>([...named, ...organisations]);
  return [...all.values()]
    .filter(({ id }) => grants.some((grant) => holds(grant, "announcer", id, organisations)))
    .sort((one, other) => one.label.localeCompare(other.label, "fr"));
}
