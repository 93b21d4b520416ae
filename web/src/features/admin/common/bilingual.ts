import type { Localised } from "../api/shapes.ts";

/** A text of a form: what is not written in English is not said. */
export function localised(fr: string, en: string): Localised {
  return en.trim() === "" ? { fr: fr.trim() } : { fr: fr.trim(), en: en.trim() };
}
