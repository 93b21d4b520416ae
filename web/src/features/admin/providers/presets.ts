import { isBroker, type Preset, PRESETS } from "../api/providerShapes.ts";

/** The names of products are the same in every language; other software has none of its own. */
const PRODUCTS: Partial<Record<Preset, string>> = {
  keycloak: "Keycloak",
  lemonldap: "LemonLDAP::NG",
  entra: "Entra",
  proconnect: "ProConnect",
};

/** How a preset is called; `other` when it is no product. */
export function presetName(preset: Preset, other: string): string {
  return PRODUCTS[preset] ?? other;
}

/** The presets that the reader may choose: a broker is the operator's, and stays where it is already. */
export function presetsFor(operator: boolean, kept: Preset | undefined): Preset[] {
  return PRESETS.filter((preset) => operator || preset === kept || !isBroker(preset));
}
