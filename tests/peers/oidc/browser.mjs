// A browser without JavaScript: a cookie jar over `fetch` that follows redirects, pages that go
// on by themselves, and the forms of server-rendered pages.

import { parse } from "node-html-parser";

import { codeOf } from "../lib/totp.mjs";

/** More steps than any sign-in has. */
const MOST_STEPS = 30;

/** Cookies by host name: they ignore ports, as in real browsers. */
class CookieJar {
  #cookies = new Map();

  keep(url, response) {
    const { hostname } = new URL(url);
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";").map((part) => part.trim());
      const cut = pair.indexOf("=");
      const name = pair.slice(0, cut);
      const value = pair.slice(cut + 1);
      const facts = Object.fromEntries(
        attributes.map((text) => {
          const [key, fact = ""] = text.split("=");
          return [key.toLowerCase(), fact];
        }),
      );
      const path = facts.path?.startsWith("/") ? facts.path : "/";
      const gone = facts["max-age"] !== undefined
        ? Number(facts["max-age"]) <= 0
        : facts.expires !== undefined && Date.parse(facts.expires) <= Date.now();
      const key = `${hostname} ${path} ${name}`;
      if (gone) this.#cookies.delete(key);
      else this.#cookies.set(key, { hostname, path, name, value });
    }
  }

  header(url) {
    const { hostname, pathname } = new URL(url);
    return [...this.#cookies.values()]
      .filter((cookie) => cookie.hostname === hostname && within(pathname, cookie.path))
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join("; ");
  }

  names(hostname) {
    return [...this.#cookies.values()]
      .filter((cookie) => cookie.hostname === hostname)
      .map((cookie) => cookie.name);
  }
}

function within(pathname, path) {
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}

/** A page that was answered: where it is, with which status, and its document. */
class Page {
  constructor(url, status, text, headers) {
    this.url = url;
    this.status = status;
    this.text = text;
    this.headers = headers;
    this.root = parse(text);
  }

  /** Where the page goes by itself, if it does. */
  get next() {
    const meta = this.root
      .querySelectorAll("meta")
      .find((tag) => tag.getAttribute("http-equiv")?.toLowerCase() === "refresh");
    const told = this.headers.get("refresh") ?? meta?.getAttribute("content");
    const target = told?.match(/^\s*(\d+)\s*[;,]\s*url\s*=\s*['"]?(.+?)['"]?\s*$/i);
    return target ? new URL(target[2], this.url).href : null;
  }

  /** The first form that holds a field of this type. */
  formWith(type) {
    return this.root
      .querySelectorAll("form")
      .find((form) => form.querySelector(`input[type="${type}"]`));
  }

  /** The form that is the page's matter: the first in the main part. */
  get form() {
    return this.root.querySelector("main form") ?? this.root.querySelector("form");
  }

  /** What a person reads. */
  get words() {
    return this.root.textContent.replace(/\s+/g, " ").trim();
  }
}

/** An error that says with which status the page was answered. */
function refused(page, message) {
  return Object.assign(new Error(message), { status: page.status });
}

/** One person's browser. */
export class Browser {
  jar = new CookieJar();

  /**
   * Every address that was answered, in order.
   * @type {string[]}
   */
  visited = [];

  /** @param {{language?: string}} options */
  constructor({ language = "fr" } = {}) {
    this.language = language;
  }

  /**
   * Asks for an address and follows where it leads, until an address begins with `stopAt`.
   * @param {string} url
   * @param {{stopAt?: string, method?: string, body?: URLSearchParams, from?: string}} options
   * @returns {Promise<Page>} with status 0 when it stopped
   */
  async open(url, { stopAt, method = "GET", body, from } = {}) {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (stopAt && url.startsWith(stopAt)) return new Page(url, 0, "", new Headers());
      const headers = { accept: "text/html", "accept-language": this.language };
      const cookies = this.jar.header(url);
      if (cookies) headers.cookie = cookies;
      if (method === "POST") {
        headers.origin = new URL(from ?? url).origin;
        headers.referer = headers.origin + "/";
        headers["sec-fetch-site"] =
          new URL(from ?? url).origin === new URL(url).origin ? "same-origin" : "cross-site";
      }
      const response = await fetch(url, { method, body, headers, redirect: "manual" });
      this.visited.push(url);
      this.jar.keep(url, response);
      const location = response.headers.get("location");
      if (location && response.status >= 300 && response.status < 400) {
        await response.arrayBuffer();
        url = new URL(location, url).href;
        if (response.status !== 307 && response.status !== 308) {
          method = "GET";
          body = undefined;
        }
        continue;
      }
      const page = new Page(url, response.status, await response.text(), response.headers);
      if (!page.next) return page;
      url = page.next;
      method = "GET";
      body = undefined;
    }
    throw new Error(`no end after ${MOST_STEPS} steps:\n${this.visited.slice(-MOST_STEPS).join("\n")}`);
  }

  /**
   * Sends a form of a page with what a person typed, by field name.
   * @param {Page} page
   * @param {import("node-html-parser").HTMLElement} form
   * @param {Record<string, string>} typed
   * @param {{stopAt?: string, button?: string}} options `button`: words on the button pressed
   */
  async submit(page, form, typed = {}, { stopAt, button } = {}) {
    const fields = new URLSearchParams();
    for (const field of form.querySelectorAll("input, select, textarea")) {
      const name = field.getAttribute("name");
      const type = field.getAttribute("type") ?? "text";
      if (!name || ["submit", "button", "image"].includes(type)) continue;
      if (["checkbox", "radio"].includes(type) && !field.hasAttribute("checked")) continue;
      fields.append(name, typed[name] ?? field.getAttribute("value") ?? "");
    }
    const buttons = form.querySelectorAll("button, input[type=submit]");
    const pressed = button
      ? buttons.find((one) => one.textContent.includes(button))
      : buttons.find((one) => (one.getAttribute("type") ?? "submit") === "submit");
    if (button && !pressed) throw new Error(`no button "${button}" on ${page.url}`);
    const name = pressed?.getAttribute("name");
    if (name) fields.append(name, pressed.getAttribute("value") ?? "");
    for (const extra of Object.keys(typed)) {
      if (!fields.has(extra)) fields.append(extra, typed[extra]);
    }
    const action = pressed?.getAttribute("formaction") ?? form.getAttribute("action") ?? page.url;
    const target = new URL(action, page.url);
    if ((form.getAttribute("method") ?? "get").toLowerCase() === "get") {
      target.search = fields.toString();
      return this.open(target.href, { stopAt });
    }
    return this.open(target.href, { stopAt, method: "POST", body: fields, from: page.url });
  }

  /**
   * Answers the pages of a sign-in as this account's holder until an address begins with
   * `stopAt`: the address asked for by Besace, the password asked for by the ministry, and the code
   * of the second factor where there is one.
   * @param {string} url where the sign-in begins
   * @param {{email: string, password: string, totpSecret?: string}} account
   * @param {{stopAt: string}} options
   */
  async signIn(url, account, { stopAt }) {
    let page = await this.open(url, { stopAt });
    for (let step = 0; step < 8 && page.status !== 0; step += 1) {
      page = await this.answer(page, account, { stopAt });
    }
    if (page.status !== 0) {
      throw refused(page, `the sign-in stays on ${page.url} (${page.status}): ${page.words}`);
    }
    return page.url;
  }

  /** Answers one page of a sign-in. */
  async answer(page, account, { stopAt } = {}) {
    if (page.status >= 400) {
      throw refused(page, `${page.url} answered ${page.status}: ${page.words}`);
    }
    const password = page.formWith("password");
    const form = password ?? page.formWith("email") ?? page.form;
    if (!form) throw refused(page, `nothing to answer on ${page.url}: ${page.words}`);
    const typed = {};
    for (const field of form.querySelectorAll("input")) {
      const name = field.getAttribute("name");
      const type = field.getAttribute("type") ?? "text";
      if (!name) continue;
      if (field.getAttribute("autocomplete") === "one-time-code") typed[name] = codeOf(account.totpSecret);
      else if (type === "password") typed[name] = account.password;
      else if (type === "email" || type === "text") typed[name] = account.email;
    }
    return this.submit(page, form, typed, { stopAt });
  }
}
