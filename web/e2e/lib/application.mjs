// An application of an integrator: a small server that signs people in at Besace with the npm
// library openid-client, unmodified. Nothing in it knows Besace.

import { once } from "node:events";
import { createServer } from "node:http";

import * as client from "openid-client";

/**
 * Starts the application on the port of its registered address.
 * @param {object} registered a client of the demonstration
 * @param {string} issuer
 * @param {{scope?: string, page?: (path: string, session?: object) => {headers: object, body: string} | undefined, ahead?: number}} options
 *   `page`: pages of its own; its usual ones where it gives none
 *   `ahead`: milliseconds that the issuer's clock is ahead of the machine's
 */
export async function startApplication(
  registered,
  issuer,
  { scope = "openid given_name usual_name email", page = () => undefined, ahead = 0 } = {},
) {
  const redirectUri = new URL(registered.redirectUris[0]);
  const home = new URL("/", redirectUri).href;
  const signedOut = registered.postLogoutRedirectUris?.[0];
  const method =
    registered.tokenEndpointAuthMethod === "client_secret_basic"
      ? client.ClientSecretBasic(registered.clientSecret)
      : client.ClientSecretPost(registered.clientSecret);
  const metadata = {
    id_token_signed_response_alg: registered.idTokenAlg,
    [client.clockSkew]: Math.round(ahead / 1000),
  };
  if (registered.userinfo === "jwt") {
    metadata.userinfo_signed_response_alg = registered.idTokenAlg;
  }
  const config = await client.discovery(new URL(issuer), registered.clientId, metadata, method, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });

  const sessions = new Map();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, home);
    const id = /(?:^|; )application=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    const session = sessions.get(id);
    try {
      const own = page(url.pathname, session);
      if (own !== undefined) {
        response.writeHead(200, own.headers).end(own.body);
      } else if (url.pathname === redirectUri.pathname) {
        const tokens = await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: session.verifier,
          expectedState: session.state,
          expectedNonce: session.nonce,
          idTokenExpected: true,
        });
        session.tokens = tokens;
        session.person = await client.fetchUserInfo(
          config,
          tokens.access_token,
          tokens.claims().sub,
        );
        response.writeHead(303, { location: home }).end();
      } else if (url.pathname === "/sign-in") {
        const fresh = {
          verifier: client.randomPKCECodeVerifier(),
          state: client.randomState(),
          nonce: client.randomNonce(),
        };
        const name = client.randomState();
        sessions.set(name, fresh);
        const location = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri.href,
          scope,
          code_challenge: await client.calculatePKCECodeChallenge(fresh.verifier),
          code_challenge_method: "S256",
          state: fresh.state,
          nonce: fresh.nonce,
        });
        response.writeHead(303, {
          location: location.href,
          "set-cookie": `application=${name}; HttpOnly; Path=/; SameSite=Lax`,
        });
        response.end();
      } else if (url.pathname === "/sign-out") {
        const location = client.buildEndSessionUrl(config, {
          id_token_hint: session.tokens.id_token,
          ...(signedOut ? { post_logout_redirect_uri: signedOut } : {}),
        });
        sessions.delete(id);
        response.writeHead(303, { location: location.href }).end();
      } else if (url.pathname === "/favicon.ico") {
        response.writeHead(204).end();
      } else {
        const who = session?.person
          ? `<p id="who">${session.person.given_name} ${session.person.usual_name}</p>
             <a href="/sign-out">Sign out</a>`
          : '<p id="who">nobody</p><a href="/sign-in">Sign in</a>';
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        response.end(`<!doctype html><html lang="en"><title>Application</title>
          <main><h1>Application</h1>${who}</main></html>`);
      }
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error?.stack ?? error));
    }
  });
  server.listen(Number(redirectUri.port), "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  /** Whether the token that somebody's sign-in gave still opens what is said of them. */
  const tokenOpens = async (name) => {
    const held = [...sessions.values()].findLast(
      ({ person }) => person !== undefined && `${person.given_name} ${person.usual_name}` === name,
    );
    const answer = await fetch(config.serverMetadata().userinfo_endpoint, {
      headers: { authorization: `Bearer ${held.tokens.access_token}` },
    });
    return answer.ok;
  };
  return { home, stop, tokenOpens };
}
