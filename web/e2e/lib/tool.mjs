// A tool of another team: published for an administration, with a client of its own that tells
// agents and answers in the search, as docs/integrator/bring-your-tool-into-the-portal.md says.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Publishes a tool for the administrator's own organisation.
 * @param {Awaited<ReturnType<import("./session.mjs").sessionOf>>} administrator
 * @param {{name: {fr: string, en?: string}, home: string, icon?: string}} tool `home`: its origin
 */
export async function publishTool(administrator, { name, home, icon = "train-line" }) {
  const organisation = administrator.agent.organisation.id;
  const { items } = await administrator.get("/api/v1/admin/categories");
  const { id } = await administrator.call("POST", "/api/v1/admin/tools", {
    name,
    description: { fr: "Demander et signer", en: "Ask and sign" },
    category: items[0].id,
    icon,
    url: `${home}/`,
    reaches: ["internet"],
    organisation,
    audience: { organisation: { id: organisation, subtree: false } },
  });
  const client = await administrator.call("POST", `/api/v1/admin/tools/${id}/application`, {
    redirectUris: [`${home}/retour`],
    postLogoutRedirectUris: [],
  });
  await administrator.call("POST", `/api/v1/admin/tools/${id}/publish`, {});
  return { id, client };
}

/**
 * What the tool does by its own client.
 * @param {{baseUrl: string}} demo
 * @param {{clientId: string, secret: string}} client
 */
export async function programOf(demo, { clientId, secret }) {
  const basic = Buffer.from(`${clientId}:${secret}`).toString("base64");
  const answer = await fetch(`${demo.baseUrl}/api/v2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "inbox badge search" }),
  });
  assert.equal(answer.status, 200);
  const { access_token: token } = await answer.json();

  const call = async (method, path, body) => {
    const said = await fetch(`${demo.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await said.text();
    assert.ok(said.ok, `${method} ${path}: ${said.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    /** Tells an agent, by address. */
    tell: (to, notice) => call("POST", "/api/v1/inbox", { to, kind: "mission.order", ...notice }),
    /** The count on the tile of an agent, by id. */
    count: (agent, count) => call("PUT", "/api/v1/application/badge", { agent, count }),
    /** Answers searches at this address. */
    answersAt: (url) => call("PUT", "/api/v1/application/search", { url }),
  };
}

/**
 * A server of the tool's on loopback.
 * @param {number} port
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} handle
 */
export async function serveTool(port, handle) {
  const server = createServer((request, response) => {
    // Who asked may have left: a tool does not mind.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    handle(request, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    home: `http://localhost:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
