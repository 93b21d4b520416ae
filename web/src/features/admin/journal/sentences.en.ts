import type { Acts, Said } from "./sentences.ts";

const quoted = (name: string) => `“${name}”`;
/** Something by its name, or what it is. */
const thing = (kind: string, name: string | undefined, without: string) => (name === undefined ? without : `${kind} ${quoted(name)}`);
const number = (value: number) => new Intl.NumberFormat("en-GB").format(value);
const several = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;

const ROLES: Record<string, string> = { operator: "Operator", administrator: "Administrator", announcer: "Announcer" };
const role = (said: Said) => quoted(ROLES[said.word("role")] ?? said.word("role"));
const whose = (said: Said) => said.named("agent") ?? "an erased agent";
const guest = (said: Said) => said.named("agent") ?? "an erased guest";

const ENDS: Record<string, string> = {
  "sign-out": "signed out",
  elsewhere: "closed another of their sessions",
  replaced: "opened a new session, which replaces the one before",
};
/** By what an edit says of guests. */
const EDITS: Record<string, string> = {
  asked: "now asks for a second factor from guests of",
  "not-asked": "no longer asks for a second factor from guests of",
  "edited-and-asked": "changed the name or the place, and now asks for a second factor from guests of",
  "edited-and-not-asked": "changed the name or the place, and no longer asks for a second factor from guests of",
};
const REFUSALS: Record<string, string> = {
  code: "code of the second factor wrong or used already",
  credentials: "unknown login or password",
  "agent-state": "account suspended, departed or erased",
};
const refusal = (reason: string) => (reason === "" ? "" : `: ${REFUSALS[reason] ?? `refusal ${reason}`}`);

const agent = (said: Said) => said.what ?? "an erased agent";
const tool = (said: Said) => thing("the tool", said.what, "a deleted tool");
const request = (said: Said) => thing("the request", said.what, "a request");
const announcement = (said: Said) => thing("the announcement", said.what, "an erased announcement");
const client = (said: Said) => thing("the application", said.what, "an application");
const token = (said: Said) => thing("the token", said.named("token"), "an access token");
const provider = (said: Said) => thing("the identity provider", said.what, "an identity provider");
const journal = (said: Said) => (said.what === undefined ? "of the whole platform" : `of ${quoted(said.what)}`);
const organisation = (said: Said) => (said.what === undefined ? "an administration" : quoted(said.what));

/** English. */
export const acts: Acts = {
  "identity.account.export": { label: "Take one’s data along", tell: (said) => `${said.who} took a copy of their data.` },
  "identity.account.invite": { label: "Invite an agent", tell: (said) => `${said.who} opened an account for ${agent(said)}, who chooses its password by a link.` },
  "identity.account.remove": { label: "Remove an account", tell: (said) => `${said.who} removed the account of ${agent(said)}: the sessions have ended.` },
  "identity.agent.depart": { label: "Close an account", tell: (said) => `${said.who} closed the account of ${agent(said)}: sessions and roles have ended.` },
  "identity.agent.erase": { label: "Erase an account", tell: (said) => `${said.who} erased the account of ${agent(said)} and what the tools kept of them.` },
  "identity.agent.merge": { label: "Join two accounts", tell: (said) => `${said.who} joined the account of ${agent(said)} to another of the same person.` },
  "identity.agent.resume": { label: "Reopen an account", tell: (said) => `${said.who} reopened the account of ${agent(said)}.` },
  "identity.agent.suspend": { label: "Suspend an account", tell: (said) => `${said.who} suspended the account of ${agent(said)}: its sessions have ended.` },
  "identity.application.withdraw": { label: "Take access back", tell: (said) => `${said.who} took back from ${client(said)} what came from their account.` },
  "identity.client.amend": { label: "Change an application", tell: (said) => `${said.who} changed ${client(said)} or its return addresses.` },
  "identity.client.end": { label: "Close an application", tell: (said) => `${said.who} closed ${client(said)}: its tokens open nothing any more.` },
  "identity.client.register": { label: "Register an application", tell: (said) => `${said.who} registered ${client(said)} and received its secret.` },
  "identity.code.reuse": {
    label: "Authorisation code replayed",
    tell: (said) => `The authorisation code that ${said.who} had given to ${client(said)} was used twice: what it had opened was closed.`,
  },
  "identity.domain.rename": {
    label: "Change a domain",
    tell: (said) => `The domain ${said.word("from")} of ${organisation(said)} became ${said.word("to")} for ${several(said.count("agents"), "agent", "agents")}.`,
  },
  "identity.factor.add": { label: "Add a second factor", tell: (said) => `${said.who} added a second factor to their account.` },
  "identity.factor.codes": { label: "Make recovery codes", tell: (said) => `${said.who} made new recovery codes: the old ones open nothing any more.` },
  "identity.factor.recover": { label: "Use a recovery code", tell: (said) => `${said.who} used a recovery code: ${number(said.count("left"))} left.` },
  "identity.factor.remove": { label: "Remove a second factor", tell: (said) => `${said.who} removed a second factor from their account: ${number(said.count("left"))} left.` },
  "identity.factor.rename": { label: "Rename a second factor", tell: (said) => `${said.who} renamed a second factor of their account.` },
  "identity.factor.reset": { label: "Reset second factors", tell: (said) => `${said.who} removed the second factors of ${agent(said)}: a new one will be asked after ${said.word("invitation") === "" ? "the password" : "the code of the mail"}.` },
  "identity.import.apply": {
    label: "Import a directory",
    tell: (said) =>
      `${said.who} imported a directory of ${several(said.count("total"), "line", "lines")}: ${number(said.count("created"))} to create, ${number(said.count("updated"))} to update, ${number(said.count("faulty"))} faulty.`,
  },
  "identity.journal.export": { label: "Export the journal", tell: (said) => `${said.who} exported the journal ${journal(said)}.` },
  "identity.invitation.accept": {
    label: "Answer an invitation",
    tell: (said) => `${said.who} entered by their invitation.`,
  },
  "identity.invitation.ask": {
    label: "Ask for a new access",
    tell: (said) => `${said.who} asked for a new access.`,
  },
  "identity.invitation.create": {
    label: "Invite an outsider",
    tell: (said) => `${said.who} invited ${guest(said)}.`,
  },
  "identity.invitation.decline": {
    label: "Refuse an invitation",
    tell: (said) => `${said.who} refused an invitation.`,
  },
  "identity.invitation.end": {
    label: "End an invitation",
    tell: (said) => (said.word("ending") === "date" || said.word("ending") === "unanswered" ? `The invitation of ${guest(said)} ended at its date.` : `${said.who} ended the invitation of ${guest(said)}.`),
  },
  "identity.invitation.extend": {
    label: "Change the end of an invitation",
    tell: (said) => `${said.who} changed the end of the invitation of ${guest(said)}.`,
  },
  "identity.journal.read": { label: "Read the journal", tell: (said) => `${said.who} read the journal ${journal(said)}.` },
  "identity.key.made": { label: "Prepare a signing key", tell: (said) => `${said.who} prepared a new signing key, published before it signs.` },
  "identity.key.withdraw": { label: "Withdraw a signing key", tell: () => "The operator withdrew a signing key: nothing that it signed is believed any more." },
  "identity.organisation.edit": { label: "Change an administration", tell: (said) => `${said.who} ${EDITS[said.word("guestsSecondFactor")] ?? "changed the name or the place of"} ${organisation(said)}.` },
  "identity.password.change": {
    label: "Change a password",
    tell: (said) => `${said.who} chose a new password${said.word("by") === "link" ? " by a link received by mail" : ""}: ${several(said.count("sessions"), "other session closed", "other sessions closed")}.`,
  },
  "identity.provider.amend": { label: "Change a provider", tell: (said) => `${said.who} changed ${provider(said)}.` },
  "identity.provider.create": { label: "Add a provider", tell: (said) => `${said.who} added ${provider(said)}, not open to agents yet.` },
  "identity.provider.disable": { label: "Close a provider", tell: (said) => `${said.who} closed ${provider(said)}: nobody signs in through it any more.` },
  "identity.provider.enable": { label: "Open a provider", tell: (said) => `${said.who} opened ${provider(said)} to agents.` },
  "identity.provider.try": { label: "Try a provider", tell: (said) => `${said.who} tried ${provider(said)} with their own account.` },
  "identity.refresh.reuse": {
    label: "Refresh token replayed",
    tell: (said) => `The refresh token given to ${client(said)} for ${said.who} was used twice: what it had opened was closed.`,
  },
  "identity.role.grant": { label: "Give a role", tell: (said) => `${said.who} gave ${whose(said)} the role ${role(said)}.` },
  "identity.role.revoke": { label: "Take a role back", tell: (said) => `${said.who} took the role ${role(said)} back from ${whose(said)}.` },
  "identity.session.end": {
    label: "Close a session",
    tell: (said) => (said.word("reason") === "account-removed" ? "A session was closed with the account that had opened it." : `${said.who} ${ENDS[said.word("reason")] ?? "closed a session"}.`),
  },
  "identity.session.open": {
    label: "Sign in",
    tell: (said) => {
      const by = said.named("provider") ?? said.what;
      const through = by === undefined ? "" : ` through ${quoted(by)}`;
      return said.done ? `${said.who} opened a session${through}.` : `A sign-in${through} was refused${refusal(said.word("reason"))}.`;
    },
  },
  "identity.token.make": { label: "Make an access token", tell: (said) => `${said.who} made ${token(said)} so that a program speaks in their name.` },
  "identity.token.revoke": { label: "Revoke an access token", tell: (said) => `${said.who} revoked ${token(said)}${said.what === said.who ? "" : ` of ${agent(said)}`}.` },
  "portal.announcement.changed": { label: "Change an announcement", tell: (said) => `${said.who} changed ${announcement(said)}.` },
  "portal.announcement.created": { label: "Write an announcement", tell: (said) => `${said.who} wrote ${announcement(said)}, not published yet.` },
  "portal.announcement.published": { label: "Publish an announcement", tell: (said) => `${said.who} published ${announcement(said)}.` },
  "portal.announcement.withdrawn": { label: "Withdraw an announcement", tell: (said) => `${said.who} withdrew ${announcement(said)}.` },
  "portal.notice.clear": { label: "End a disruption", tell: (said) => `${said.who} said that ${tool(said)} works again.` },
  "portal.notice.set": { label: "Report a disruption", tell: (said) => `${said.who} reported a disruption of ${tool(said)}.` },
  "portal.request.approve": { label: "Approve a request", tell: (said) => `${said.who} approved ${request(said)}.` },
  "portal.request.create": { label: "Make a request", tell: (said) => `${said.who} made ${request(said)}.` },
  "portal.request.refuse": { label: "Refuse a request", tell: (said) => `${said.who} refused ${request(said)}.` },
  "portal.request.withdraw": { label: "Withdraw a request", tell: (said) => `${said.who} withdrew ${request(said)}.` },
  "portal.search_source.end": { label: "Leave the search", tell: (said) => `${thing("The application", said.what, "An application")} no longer answers in the search.` },
  "portal.search_source.register": { label: "Join the search", tell: (said) => `${thing("The application", said.what, "An application")} now answers in the search.` },
  "portal.tool.application": { label: "Connect a tool", tell: (said) => `${said.who} connected ${tool(said)} to sign-in and received a secret.` },
  "portal.tool.create": { label: "Prepare a tool", tell: (said) => `${said.who} prepared ${tool(said)}, not published yet.` },
  "portal.tool.delete": { label: "Delete a tool", tell: (said) => `${said.who} deleted ${tool(said)}.` },
  "portal.tool.disconnect": { label: "Disconnect a tool", tell: (said) => `${said.who} disconnected ${tool(said)} from sign-in: its application’s tokens open nothing any more.` },
  "portal.tool.edit": { label: "Change a tool", tell: (said) => `${said.who} changed ${tool(said)}.` },
  "portal.tool.publish": { label: "Publish a tool", tell: (said) => `${said.who} published ${tool(said)} for ${several(said.count("agents"), "agent", "agents")}.` },
  "portal.tool.withdraw": { label: "Withdraw a tool", tell: (said) => `${said.who} withdrew ${tool(said)} from agents’ home pages.` },
  "system.backup.make": { label: "Make a backup", tell: () => "The operator made a backup of the platform." },
  "system.backup.restore": { label: "Restore a backup", tell: () => "The operator restored a backup of the platform." },
  "system.key.abandon": { label: "Give up a lost master key", tell: () => "The operator gave up a lost master key, and with it the secrets that it protected." },
  "system.key.reseal": { label: "Protect secrets under the new master key", tell: () => "The operator put the platform’s secrets under the new master key." },
  "system.key.switch": { label: "Change the master key", tell: () => "The platform now protects its secrets with another master key." },
};
