// The list of services, asked of the portal. Nothing in an answer is believed.

import type { Lang } from "./texts.ts";

/** One service, fit to be shown. */
export interface Service {
  readonly name: string;
  readonly url: string;
  /** Absolute address of a picture; none: no picture. */
  readonly logo: string | undefined;
  readonly maturity: string;
}

/** Gives the agent's access token (scope `launcher`); nothing: the public list is shown. */
export type TokenProvider = () => string | null | undefined | Promise<string | null | undefined>;

export interface Question {
  /** Address of the portal, without path. */
  readonly api: string;
  readonly lang: Lang;
  readonly siret: string | undefined;
  readonly token: TokenProvider | undefined;
  readonly signal: AbortSignal;
}

/** Asks. Rejects when the portal cannot be reached, refuses, or answers something else. */
export async function fetchServices({ api, lang, siret, token, signal }: Question): Promise<Service[]> {
  const url = new URL("/api/launcher/v1/services", api);
  url.searchParams.set("lang", lang);
  if (siret !== undefined) url.searchParams.set("siret", siret);
  const bearer = await token?.();
  const response = await fetch(url, {
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    // The portal ignores cookies here: none leave the page.
    credentials: "omit",
    signal,
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return servicesIn(await response.json());
}

/** The services of an answer that may be shown, in its order. */
export function servicesIn(answer: unknown): Service[] {
  const services = field(answer, "services");
  if (!Array.isArray(services)) throw new Error("no services");
  return services.flatMap((service: unknown) => {
    const name = field(service, "name");
    const url = webAddress(field(service, "url"));
    if (typeof name !== "string" || name.trim() === "" || url === undefined) return [];
    const maturity = field(service, "maturity");
    return [
      {
        name: name.trim(),
        url,
        logo: webAddress(field(service, "logo")),
        maturity: typeof maturity === "string" ? maturity : "stable",
      },
    ];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The address when it is an absolute one of the web (never a script); nothing otherwise. */
function webAddress(value: unknown): string | undefined {
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  const { protocol, href } = new URL(value);
  return protocol === "https:" || protocol === "http:" ? href : undefined;
}
