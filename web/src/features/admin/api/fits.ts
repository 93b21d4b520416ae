// Holds the shapes that the administration's pages read against those that the server declares,
// as lib/api/fits.ts does for the rest. No code comes of it.

import type { Fits, Server, Takes } from "../../../lib/api/fits.ts";
import type { Account, AccountInFull, AccountMade, InvitationSent, NewAccount } from "../accounts/api.ts";
import type { DiscoveryCheck, Provider, ProviderBody, Trial, TrialStarted } from "./providerShapes.ts";
import type {
  Agent,
  AgentInFull,
  Announcement,
  Category,
  Description,
  Grant,
  Import,
  OrganisationSheet,
  Page,
  Readers,
  RequestLine,
  Token,
  Tool,
  ToolLine,
} from "./shapes.ts";

export type Checked = [
  Fits<Server["RequestListBody"], Page<RequestLine>>,
  Fits<Server["ToolBody"], Tool>,
  Fits<Server["ToolListBody"], Page<ToolLine>>,
  Fits<Server["CategoryListBody"], Page<Category>>,
  Fits<Server["AudienceBody"], Description>,
  Fits<Server["WrittenListBody"], Page<Announcement>>,
  Fits<Server["ReadersBody"], Readers>,
  Fits<Server["AdministeredAgents"], Page<Agent>>,
  Fits<Server["AgentInFull"], AgentInFull>,
  Fits<Server["AgentTokens"], Page<Token>>,
  Fits<Server["GrantList"], Page<Grant>>,
  Fits<Server["AdministrationView"], OrganisationSheet>,
  Fits<Server["ImportView"], Import>,
  Fits<Server["LocalAccounts"], Page<Account>>,
  Fits<Server["LocalAccountInFull"], AccountInFull>,
  Fits<Server["LocalAccountMade"], AccountMade>,
  Fits<Server["InvitationSent"], InvitationSent>,
  Takes<Server["LocalAccountBody"], NewAccount>,
  Fits<Server["ProviderList"], Page<Provider>>,
  Fits<Server["CheckView"], DiscoveryCheck>,
  Fits<Server["TrialStarted"], TrialStarted>,
  Fits<Server["TrialView"], Trial>,
  Takes<Server["ProviderBody"], ProviderBody>,
];
