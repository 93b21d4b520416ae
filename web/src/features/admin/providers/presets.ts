import type { Preset } from "../api/providerShapes.ts";

/** The names of products are the same in every language; other software has none of its own. */
const PRODUCTS: Partial<Record<Preset, string>> = {
  keycloak: "Keycloak",
  lemonldap: "LemonLDAP::NG",
  entra: "Entra",
};

/** How a preset is called; `other` when it is no product. */
export function presetName(preset: Preset, other: string): string {
  return PRODUCTS[preset] ?? other;
}
