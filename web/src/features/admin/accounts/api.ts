import type { Named, Population } from "../api/shapes.ts";

/** Where the accounts are. */
export const ROOT = "/api/v1/admin/local-accounts";
/** What their queries are called. */
export const ACCOUNTS = "local-accounts";

/** A password account: nothing of its password but whether there is one. */
export interface Account {
  id: string;
  displayName: string;
  email: string;
  organisation?: Named | null;
  unit?: string | null;
  origin: "configured" | "invited";
  /** Where the agent's account stands. */
  agentState?: "pre_created" | "active" | "suspended" | "departed" | "erased" | null;
  passwordChosen: boolean;
  /** Until when the link of an invitation is good. */
  invitedUntil?: number | null;
  secondFactor: boolean;
  secondFactorDue: boolean;
}

export const STEPS = ["invite", "reset_factor", "remove"] as const;
/** What may be done to an account. */
export type Step = (typeof STEPS)[number];

export interface AccountInFull extends Account {
  may: Step[];
}

/** Somebody to invite. */
export interface NewAccount {
  email: string;
  givenName: string;
  usualName: string;
  organisation: string;
  unit?: string;
  population?: Population;
}

/** An invitation that was sent; `link`: no mail leaves, and it is told this once. */
export interface InvitationSent {
  mailed: boolean;
  link?: string | null;
}

export interface AccountMade {
  account: AccountInFull;
  invitation: InvitationSent;
}
