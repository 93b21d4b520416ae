// An application that signs people in at Besace with the npm library openid-client, as any
// integrator would write it.

import * as client from "openid-client";

/** How an application of the demonstration is registered. */
export function registration(demo, wanted) {
  const found = demo.identity.clients.find((one) =>
    Object.entries(wanted).every(([key, value]) => one[key] === value),
  );
  if (!found) throw new Error(`the demonstration has no client with ${JSON.stringify(wanted)}`);
  return found;
}

/** A registered application, ready to send people to sign in. */
export class Application {
  /**
   * @param {{clientId: string, clientSecret: string, redirectUris: string[], tokenEndpointAuthMethod: string, idTokenAlg: string, userinfo: string}} registered
   * @param {string} issuer where discovery begins: the issuer or a whole discovery address
   * @param {{secret?: string}} options `secret` replaces the registered one
   */
  static async discover(registered, issuer, { secret = registered.clientSecret } = {}) {
    const metadata = { client_secret: secret, id_token_signed_response_alg: registered.idTokenAlg };
    if (registered.userinfo === "jwt") {
      metadata.userinfo_signed_response_alg = registered.idTokenAlg;
    }
    if (registered.introspection === "jwt") {
      metadata.introspection_signed_response_alg = registered.idTokenAlg;
    }
    const method =
      registered.tokenEndpointAuthMethod === "client_secret_basic"
        ? client.ClientSecretBasic(secret)
        : client.ClientSecretPost(secret);
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
    const config = await client.discovery(
      new URL(issuer),
      registered.clientId,
      metadata,
      method,
      { execute },
    );
    return new Application(registered, config);
  }

  constructor(registered, config) {
    this.registered = registered;
    this.config = config;
    this.redirectUri = registered.redirectUris[0];
  }

  /** A new request for a sign-in: its address and what must be remembered of it. */
  async request(extra = {}) {
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(this.config, {
      redirect_uri: this.redirectUri,
      scope: "openid given_name usual_name email uid siret",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
      ...extra,
    });
    return { url: url.href, verifier, state, nonce };
  }

  /** Exchanges the code of a callback; checks state, nonce, `iss`, signature and audience. */
  async exchange(callback, request, { verifier = request.verifier } = {}) {
    return client.authorizationCodeGrant(this.config, new URL(callback), {
      pkceCodeVerifier: verifier,
      expectedState: request.state,
      expectedNonce: request.nonce,
      idTokenExpected: true,
    });
  }

  /** Who signed in, in the form registered (JSON, or a JWT whose signature is checked). */
  async userinfo(tokens) {
    return client.fetchUserInfo(this.config, tokens.access_token, tokens.claims().sub);
  }

  /** New tokens for a refresh token; checks the id token that comes with them. */
  async refresh(token, extra = {}) {
    return client.refreshTokenGrant(this.config, token, extra);
  }

  /** What a token is worth, in the form registered. */
  async introspect(token) {
    return client.tokenIntrospection(this.config, token);
  }

  /** Gives a token back. */
  async revoke(token) {
    return client.tokenRevocation(this.config, token);
  }

  /** Where a person goes to sign out of this application and of Besace. */
  endSession(tokens, extra = {}) {
    return client.buildEndSessionUrl(this.config, { id_token_hint: tokens.id_token, ...extra }).href;
  }
}
