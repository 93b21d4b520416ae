// Besace between one application and several ministries, as an operator configures it.

import { serve } from "../lib/serve.mjs";

/** SIRET of the administration that the ministries' agents belong to. */
export const SIRET = "13002526500013";

/**
 * Starts Besace.
 * @param {{port: number, redirectUri: string, providers: object[]}} options `providers`: id,
 *   title, issuer, client and domains of each ministry
 */
export async function startBroker({ port, redirectUri, providers }) {
  const baseUrl = `http://localhost:${port}`;
  const client = {
    clientId: "application",
    clientSecret: "secret-of-the-application-0123456789",
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [],
    tokenEndpointAuthMethod: "client_secret_post",
    idTokenAlg: "ES256",
    userinfo: "jwt",
  };
  const config = {
    http: { listen: `127.0.0.1:${port}`, base_url: `${baseUrl}/` },
    outgoing: { allow: providers.map((provider) => new URL(provider.issuer).host) },
    identity: {
      organisations: [{ siret: SIRET, label: "Direction interministérielle", legal_category: "7120" }],
      providers: providers.map((provider) => ({
        id: provider.id,
        title: provider.title,
        issuer: provider.issuer,
        client_id: provider.client.id,
        client_secret: provider.client.secret,
        domains: provider.domains,
        organisation: SIRET,
      })),
      clients: [
        {
          client_id: client.clientId,
          name: "Une application",
          client_secret: client.clientSecret,
          redirect_uris: client.redirectUris,
          auth_method: client.tokenEndpointAuthMethod,
          id_token_alg: client.idTokenAlg,
          userinfo_alg: client.idTokenAlg,
        },
      ],
    },
  };
  const server = await serve(config, { ready: `${baseUrl}/readyz` });
  return { baseUrl, issuer: `${baseUrl}/api/v2`, client, log: server.log, stop: server.stop };
}
