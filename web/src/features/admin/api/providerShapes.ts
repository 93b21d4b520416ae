// The shapes of identity providers as their pages read them, held against the server by lib/api/fits.ts.

import type { Named } from "./shapes.ts";

export const PRESETS = ["keycloak", "lemonldap", "entra", "generic"] as const;
export type Preset = (typeof PRESETS)[number];

export interface ProviderBody {
  title: string;
  preset: Preset;
  organisation: string;
  issuer: string;
  clientId: string;
  /** Absent on an edit: the kept one stays. */
  clientSecret?: string | undefined;
  domains: string[];
  defaultSiret?: string | undefined;
  /** Settings that have no field here: sent back as they were. */
  authMethod?: string;
  idTokenAlg?: string;
  mfaCapable?: boolean;
  scopes?: string[];
  claimNames?: Record<string, string>;
  support: { label: string; phone?: string | undefined; email?: string | undefined };
}

export interface Provider {
  id: string;
  title: string;
  preset: Preset;
  organisation: string | Named;
  issuer: string;
  clientId: string;
  domains: string[];
  /** Of them, those whose ownership is not proved yet. */
  unprovedDomains?: string[];
  authMethod?: string;
  idTokenAlg?: string;
  mfaCapable?: boolean;
  scopes?: string[];
  claimNames?: Record<string, string>;
  defaultSiret?: string | null;
  support?: { label?: string | null; phone?: string | null; email?: string | null } | null;
  enabled: boolean;
  /** Declared in the configuration of the instance: read here, changed there. */
  readOnly?: boolean | null;
  redirectUri?: string | null;
  logoutUri?: string | null;
  agents?: number | null;
}

export interface DiscoveryCheck {
  ok: boolean;
  facts?: { authorizationEndpoint?: string; tokenEndpoint?: string; algs?: string[] } | null;
  problems: string[];
}

export interface Trial {
  state: "waiting" | "done" | "failed";
  at?: number | null;
  claims: { name: string; received: boolean; required: boolean; value?: string | null }[];
  missing: string[];
  proposedSiret?: string | null;
  problem?: string | null;
}
