// A guest: invited by an agent, entered by the code of a mail.

import { CODE, INVITATION, mailHolding } from "../lib/mails.mjs";
import { Browser } from "../oidc/browser.mjs";
import { Agent } from "../portal/agent.mjs";

/** An invitation to one tool that is open to guests. */
export async function invitation(host, email) {
  const { tools } = await host.get("/api/v1/invitations/tools");
  return {
    email,
    givenName: "Hélène",
    usualName: "Castaing",
    organisation: "SDIS 40",
    purpose: "Appui logistique",
    tools: [tools[0].id],
  };
}

/** Somebody whom `host` invited, signed in. */
export async function guestOf(demo, host, email) {
  await host.call("POST", "/api/v1/invitations", await invitation(host, email));
  const browser = new Browser();
  const link = await browser.open(await mailHolding(demo, email, INVITATION));
  const page = await browser.submit(link, link.form);
  const code = await mailHolding(demo, email, CODE);
  await browser.submit(page, page.form, { code }, { button: "Entrer" });
  return Agent.in(demo, browser);
}
