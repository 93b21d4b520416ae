// The shapes of identity providers as their pages read and write them, held against the server by fits.ts.

import type { Named } from "./shapes.ts";

export const PRESETS = ["keycloak", "lemonldap", "entra", "proconnect", "generic"] as const;
export type Preset = (typeof PRESETS)[number];

/** Whether it vouches for any domain, and has none of its own: the operator's to plug in. */
export const isBroker = (preset: Preset): boolean => preset === "proconnect";

export interface ProviderBody {
  title: string;
  preset: Preset;
  organisation: string;
  issuer: string;
  clientId: string;
  /** Absent on an edit: the kept one stays. */
  clientSecret?: string;
  domains: string[];
  defaultSiret?: string;
  /** Settings that have no field here: sent back as they were. */
  authMethod?: string;
  idTokenAlg?: string;
  mfaCapable?: boolean;
  scopes?: string[];
  claimNames?: Record<string, string>;
  support: { label: string; phone?: string; email?: string };
}

export interface Provider {
  id: string;
  title: string;
  preset: Preset;
  organisation: Named;
  issuer: string;
  clientId: string;
  /** Our secret there was given then; none: in the configuration. */
  secretAt?: number | null;
  domains: string[];
  /** Of them, those whose ownership is not proved yet: the operator's to open. */
  unprovedDomains: string[];
  authMethod: string;
  idTokenAlg: string;
  mfaCapable: boolean;
  scopes: string[];
  claimNames: Record<string, string>;
  defaultSiret?: string | null;
  support: { label: string; phone?: string | null; email?: string | null };
  enabled: boolean;
  /** Declared in the configuration of the instance: read here, changed there. */
  readOnly: boolean;
  redirectUri: string;
  logoutUri: string;
  /** Those who have signed in through it. */
  agents?: number | null;
}

export interface DiscoveryCheck {
  ok: boolean;
  facts?: { algs: string[]; keys: number } | null;
  problems: string[];
}

export interface TrialStarted {
  url: string;
  expiresAt: number;
}

export interface Trial {
  state: "waiting" | "done" | "failed";
  at?: number | null;
  claims: { name: string; received: boolean; required: boolean; value?: string | null }[];
  missing: string[];
  proposedSiret?: string | null;
  problem?: string | null;
}
