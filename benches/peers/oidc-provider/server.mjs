// npm oidc-provider as the peer of the benchmark of sign-ins: its own in-memory adapter, ES256,
// interactions approved by whoever asks. Prints its port once it listens.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const REDIRECT = "https://mission.test/retour";
const SECRET = "benchmark-secret-of-an-application";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256", kid: randomUUID() };

const client = {
  client_secret: SECRET,
  redirect_uris: [REDIRECT],
  token_endpoint_auth_method: "client_secret_basic",
  id_token_signed_response_alg: "ES256",
};

const server = createServer((request, response) => handler(request, response));
let handler = () => {};

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      { ...client, client_id: "mission" },
      { ...client, client_id: "signed", userinfo_signed_response_alg: "ES256" },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ["benchmark"] },
    claims: {
      openid: ["sub"],
      given_name: ["given_name"],
      usual_name: ["usual_name"],
      email: ["email"],
      uid: ["uid"],
      siret: ["siret"],
    },
    scopes: ["openid", "given_name", "usual_name", "email", "uid", "siret"],
    pkce: { required: () => true },
    responseTypes: ["code"],
    features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        given_name: "Claire",
        usual_name: `Delmas ${sub}`,
        email: `agent-${sub}@interieur.gouv.fr`,
        uid: sub,
        siret: "11001401500015",
      }),
    }),
    // Nobody is asked for consent, as at Besace.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(" "));
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  handler = (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    const accountId = new URL(request.url, "http://x").searchParams.get("agent");
    provider
      .interactionFinished(request, response, { login: { accountId, amr: ["pwd"] } })
      .catch((cause) => {
        response.statusCode = 500;
        response.end(String(cause));
      });
  };
  console.log(port);
});
