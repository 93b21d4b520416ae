// A ministry's identity provider made with npm oidc-provider, with the faults that real ones
// have: keys that change, an issuer that lies, a clock that is wrong, hours when it is dead.
//
// Run as a program it takes its options as JSON and commands from its parent (`remote-ministry`),
// so that its clock can be wrong without everyone's being so.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";

import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

/** Who works there, and with which password. */
const PASSWORD = "ministère-de-confiance";

/** A new ES256 signing key. */
async function newKey() {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(privateKey)), use: "sig", alg: "ES256", kid: randomUUID() };
}

/** A provider on a port of its own. */
export class Ministry {
  password = PASSWORD;

  #server = null;
  #handler = null;
  #keys = [];

  /**
   * @param {{port: number, client: {id: string, secret: string, redirectUri: string, postLogoutRedirectUri?: string}, people: object[], signed?: boolean, claimedIssuer?: string, tokenLife?: number, host?: string, tls?: {certificate: string, key: string}}} options
   *   `signed`: userinfo as a JWT; `claimedIssuer`: the issuer its tokens name instead of its own; `tokenLife`: seconds an id token lives;
   *   `host`: its name, `localhost` if none; `tls`: files with which it answers over https
   */
  constructor({ port, client, people, signed = false, claimedIssuer, tokenLife = 3600, host = "localhost", tls }) {
    this.port = port;
    this.issuer = `${tls ? "https" : "http"}://${host}:${port}`;
    this.tls = tls;
    this.client = client;
    this.people = new Map(people.map((person) => [person.sub, person]));
    this.signed = signed;
    this.claimedIssuer = claimedIssuer;
    this.tokenLife = tokenLife;
  }

  async start() {
    this.#keys = [await newKey()];
    await this.#build();
    await this.revive();
  }

  /** New keys sign from now on; the old ones are published no more. */
  async rotate() {
    this.#keys = [await newKey()];
    await this.#build();
  }

  /** The provider is dead: nothing listens. */
  async die() {
    if (!this.#server) return;
    const server = this.#server;
    this.#server = null;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  /** It listens again. */
  async revive() {
    const answer = (request, response) => this.#answer(request, response);
    const server = this.tls
      ? createSecureServer(
          { cert: await readFile(this.tls.certificate), key: await readFile(this.tls.key) },
          answer,
        )
      : createServer(answer);
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
  }

  async #build() {
    const { client } = this;
    const provider = new Provider(this.claimedIssuer ?? this.issuer, {
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          redirect_uris: [client.redirectUri],
          post_logout_redirect_uris: [client.postLogoutRedirectUri].filter(Boolean),
          token_endpoint_auth_method: "client_secret_post",
          id_token_signed_response_alg: "ES256",
          ...(this.signed ? { userinfo_signed_response_alg: "ES256" } : {}),
        },
      ],
      jwks: { keys: this.#keys },
      cookies: { keys: ["not-a-secret-of-anything"] },
      scopes: [
        "openid", "uid", "given_name", "usual_name", "email", "siren", "siret",
        "organizational_unit", "belonging_population", "phone", "chorusdt",
      ],
      claims: {
        openid: ["sub"],
        uid: ["uid"],
        given_name: ["given_name"],
        usual_name: ["usual_name"],
        email: ["email"],
        siret: ["siret"],
        belonging_population: ["belonging_population"],
        acr: null,
        amr: null,
      },
      acrValues: ["eidas1", "eidas2"],
      extraParams: ["siret_hint", "sp_id", "sp_name", "remember_me"],
      ttl: { IdToken: this.tokenLife },
      pkce: { required: () => false },
      responseTypes: ["code"],
      features: {
        devInteractions: { enabled: false },
        jwtUserinfo: { enabled: true },
        claimsParameter: { enabled: true },
        rpInitiatedLogout: { enabled: true },
      },
      interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_ctx, sub) => {
        const person = this.people.get(sub);
        return person && { accountId: sub, claims: () => person };
      },
      // The ministry's own software: nobody is asked whether it may know its agents.
      loadExistingGrant: async (ctx) => {
        const grant = new ctx.oidc.provider.Grant({
          clientId: ctx.oidc.client.clientId,
          accountId: ctx.oidc.session.accountId,
        });
        grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(" "));
        grant.addOIDCClaims(["acr", "amr"]);
        await grant.save();
        return grant;
      },
    });
    if (this.claimedIssuer) {
      // Discovery looks right: the lie is in what it signs.
      provider.use(async (ctx, next) => {
        await next();
        if (ctx.path === "/.well-known/openid-configuration") {
          ctx.body = { ...ctx.body, issuer: this.issuer };
        }
      });
    }
    this.provider = provider;
    this.#handler = provider.callback();
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.issuer);
    if (!pathname.startsWith("/interaction/")) {
      this.#handler(request, response);
      return;
    }
    try {
      if (request.method === "POST") await this.#login(request, response);
      else this.#page(response);
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    }
  }

  #page(response, fault = "") {
    response.writeHead(fault ? 401 : 200, { "content-type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><html lang="fr"><title>Ministère</title><main><p>${fault}</p>` +
        '<form method="post"><input type="text" name="login"><input type="password" name="password">' +
        "<button>Se connecter</button></form></main></html>",
    );
  }

  async #login(request, response) {
    let body = "";
    for await (const chunk of request) body += chunk;
    const fields = new URLSearchParams(body);
    const person = [...this.people.values()].find((one) => one.email === fields.get("login"));
    if (!person || fields.get("password") !== this.password) {
      this.#page(response, "Identifiant ou mot de passe incorrect");
      return;
    }
    await this.provider.interactionFinished(
      request,
      response,
      { login: { accountId: person.sub, acr: "eidas1", amr: ["pwd"], remember: false } },
      { mergeWithLastSubmission: false },
    );
  }
}
