import { isBroker, type Preset, type Provider, type ProviderBody } from "../api/providerShapes.ts";

/** What the reader writes of a provider. */
export interface ProviderForm {
  title: string;
  preset: Preset;
  issuer: string;
  clientId: string;
  domains: string[];
  defaultSiret: string;
  supportLabel: string;
  supportPhone: string;
  supportEmail: string;
}

export const EMPTY: ProviderForm = {
  title: "",
  preset: "keycloak",
  issuer: "",
  clientId: "",
  domains: [],
  defaultSiret: "",
  supportLabel: "",
  supportPhone: "",
  supportEmail: "",
};

export function formOf(provider: Provider): ProviderForm {
  const { title, preset, issuer, clientId, domains, defaultSiret, support } = provider;
  return {
    title,
    preset,
    issuer,
    clientId,
    domains,
    defaultSiret: defaultSiret ?? "",
    supportLabel: support.label,
    supportPhone: support.phone ?? "",
    supportEmail: support.email ?? "",
  };
}

const digits = (text: string) => text.replace(/\s/g, "");
const written = (text: string) => (text.trim() === "" ? undefined : text.trim());

/** The settings without a field: as they are, but those that another preset would change. */
function settingsOf(known: Provider, preset: Preset): Partial<ProviderBody> {
  const { authMethod, idTokenAlg, mfaCapable, scopes, claimNames } = known;
  return { authMethod, mfaCapable, ...(preset === known.preset ? { idTokenAlg, scopes, claimNames } : {}) };
}

/** The secret is apart from the form: it is never kept on the machine. */
export function bodyOf(form: ProviderForm, organisation: string, secret: string, known?: Provider): ProviderBody {
  const siret = digits(form.defaultSiret);
  const phone = written(form.supportPhone);
  const email = written(form.supportEmail);
  return {
    title: form.title.trim(),
    preset: form.preset,
    organisation,
    issuer: form.issuer.trim(),
    clientId: form.clientId.trim(),
    ...(secret === "" ? {} : { clientSecret: secret }),
    domains: isBroker(form.preset) ? [] : form.domains.map((domain) => domain.toLowerCase()),
    ...(siret === "" ? {} : { defaultSiret: siret }),
    ...(known === undefined ? {} : settingsOf(known, form.preset)),
    support: {
      label: form.supportLabel.trim(),
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
    },
  };
}

export type Fault = "required" | "notAnAddress" | "wrong";
export type Faults = Partial<Record<keyof ProviderForm | "secret", Fault>>;
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** The first of the domains that is none. */
export function wrongDomain(domains: readonly string[]): string | undefined {
  return domains.find((domain) => !DOMAIN.test(domain));
}

/** What keeps the form from being saved. */
export function faultsOf(form: ProviderForm, secret: string, kept: boolean): Faults {
  const faults: Faults = {};
  for (const key of ["title", "issuer", "clientId", "supportLabel"] as const) {
    if (form[key].trim() === "") faults[key] = "required";
  }
  if (!kept && secret === "") faults.secret = "required";
  if (faults.issuer === undefined && !/^https?:\/\/[^\s/]+/.test(form.issuer.trim())) faults.issuer = "notAnAddress";
  // Those of a broker were written before it was one: kept in the form, not sent.
  if (!isBroker(form.preset)) {
    if (form.domains.length === 0) faults.domains = "required";
    else if (wrongDomain(form.domains) !== undefined) faults.domains = "wrong";
  }
  const siret = digits(form.defaultSiret);
  if (siret !== "" && !/^\d{14}$/.test(siret)) faults.defaultSiret = "wrong";
  return faults;
}
