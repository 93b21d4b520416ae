// The shapes of the administration as its pages read them, held against the server by lib/api/fits.ts.
// Times in UTC milliseconds.

/** A text in French and, when written, in English. */
export interface Localised {
  fr: string;
  en?: string | undefined;
}

/** A thing known by its name. */
export interface Named {
  id: string;
  label: string;
}

/** A part of a list; `next` is the cursor of the part after it. */
export interface Page<Item> {
  items: Item[];
  next?: string | null;
}

export type Role = "operator" | "administrator" | "announcer";
export const POPULATIONS = ["agent", "prestataire", "partenaire", "stagiaire"] as const;
export type Population = (typeof POPULATIONS)[number];

/** A right of the agent signed in. */
export interface OwnGrant {
  role: Role;
  organisation?: Named | null;
  subtree?: boolean;
}

export interface Organisation extends Named {
  siret?: string;
  parent?: string | null;
}

export interface Person {
  id: string;
  displayName: string;
  initials: string;
  email: string;
  organisation: Named;
  unit?: string | null;
  population?: string | null;
}

/** Whom something is for: the rule as the server keeps it. */
export type Audience =
  | "everyone"
  | { organisation: { id: string; subtree: boolean } }
  | { population: Population }
  | { agent: string }
  | { all: Audience[] }
  | { any: Audience[] }
  | { not: Audience };

/** What a rule means now. */
export interface Description {
  sentence: string;
  count: number;
  /** Of those, the agents whose administration has nothing to agree to. */
  here: number;
  elsewhere: { organisation: Named; count: number; administrators: string[] }[];
  warnings: ("nobody" | "everybody")[];
}

export const REACHES = ["internet", "rie", "vpn"] as const;
export type Reach = (typeof REACHES)[number];
export type Level = "disturbed" | "down";

export interface ToolNotice {
  level: Level;
  message?: Localised | null;
  until?: number | null;
}

export type ToolState = "draft" | "published" | "withdrawn";

/** A tool in the list of those of an administration. */
export interface ToolLine {
  id: string;
  name: Localised;
  state: ToolState;
  /** `configured`: written by the operator, read here only. */
  origin?: "stored" | "configured";
  /** None: the operator's. */
  organisation?: Named | null;
  /** Its id. */
  category: string;
  audienceCount?: number | null;
  updatedAt: number;
  pendingApprovals: number;
}

/** What is written of a tool. */
export interface ToolBody {
  name: Localised;
  description: Localised;
  category: string;
  icon: string;
  url: string;
  reaches: Reach[];
  owner?: string | undefined;
  organisation: string;
  audience: Audience;
  /** Whether agents who find it may share it with their guests. */
  guests: boolean;
}

/** A tool with all that its administrator sees. */
export interface Tool extends ToolLine {
  description: Localised;
  icon: string;
  url: string;
  reaches: Reach[];
  owner?: string | { id: string } | null;
  audience: Audience;
  guests: boolean;
  clientId?: string | null;
  notice?: ToolNotice | null;
  /** What other administrations were asked, the newest first. */
  approvals?: { id: string; organisation: Named; state: RequestState; count: number; reason?: string | null }[];
}

export interface Category {
  id: string;
  title: string;
  family: string;
}

export interface AddressCheck {
  ok: boolean;
  milliseconds?: number | null;
  problem?: string | null;
  /** The problem in words. */
  detail?: string | null;
}

export type RequestState = "pending" | "approved" | "refused" | "withdrawn";

export interface RequestLine {
  id: string;
  kind: "tool" | "audience";
  state: RequestState;
  name: string;
  url?: string | null;
  purpose?: string | null;
  /** Who decides. */
  organisation: Named;
  by: { id: string; displayName?: string | null };
  at: number;
  reason?: string | null;
  /** Of a request of audience: for whom, in words, and how many agents of who decides. */
  sentence?: string | null;
  count?: number | null;
  decidedAt?: number | null;
}

export const SEVERITIES = ["info", "event", "important", "disturbance"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface AnnouncementBody {
  title: Localised;
  body: Localised;
  severity: Severity;
  organisation: string;
  audience: Audience;
  from?: number | undefined;
  until?: number | undefined;
  mustConfirm: boolean;
  link?: string | undefined;
}

export interface Announcement {
  id: string;
  title: Localised;
  body: Localised;
  severity: Severity;
  organisation: Named;
  audience: Audience;
  state: "draft" | "published" | "withdrawn";
  from?: number | null;
  until?: number | null;
  publishedAt?: number | null;
  updatedAt?: number | null;
  mustConfirm: boolean;
  link?: string | null;
}

export interface Readers extends Page<Person & { readAt?: number | null }> {
  confirmed: number;
  expected: number;
}

export type AgentState = "pre_created" | "active" | "suspended" | "departed";

export interface Agent extends Person {
  state: AgentState;
  lastSignInAt?: number | null;
}

/** What is done to an account. */
export type AccountStep = "suspend" | "resume" | "depart" | "erase";

export interface AgentInFull extends Agent {
  stateSince?: number | null;
  stateBy?: { id: string; displayName: string; email: string } | null;
  sessions: number;
  roles: number;
  /** Invitations of theirs that let a guest in now. */
  guests: number;
  /** What the reader may do now. */
  may: AccountStep[];
}

/** What an agent made for a program. Times in UTC milliseconds. */
export interface Token {
  id: string;
  name: string;
  scopes: string[];
  createdAt: number;
  expiresAt: number;
  lastUsedAt?: number | null;
}

export interface FaultyLine {
  line: number;
  column?: string | null;
  value?: string | null;
  problem: string;
  message: string;
  mend: string;
}

export interface Import {
  id: string;
  state: "ready" | "running" | "done" | "failed";
  total: number;
  ready: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Agents known here whom the file does not name: nothing happens to them. */
  absent: number;
  faulty: FaultyLine[];
  faultyTotal: number;
  encoding: "utf-8" | "latin-1" | "utf-16";
  separator: ";" | "," | "tab";
  columns: string[];
  expiresAt: number;
  /** Lines written so far. */
  done?: number | null;
}

export interface Grant {
  id: string;
  agent: { id: string; displayName: string; email: string };
  role: Role;
  organisation?: Named | null;
  subtree: boolean;
  until?: number | null;
  /** Whoever gave it; none: the configuration. */
  by?: string | null;
  at: number;
}

export interface OrganisationSheet extends Named {
  siret: string;
  legalCategory?: string | null;
  parent?: string | Named | null;
  agents: number;
  /** Whether it asks its guests for a second factor. */
  guestsSecondFactor: boolean;
  administrators: (string | { id?: string; displayName: string; email?: string })[];
}

/** Where the answers of a tool's application may go. */
export interface ApplicationAddresses {
  redirectUris: string[];
  postLogoutRedirectUris: string[];
}

/** A tool's application; its secret is not kept. */
export interface KnownApplication extends ApplicationAddresses {
  clientId: string;
}
