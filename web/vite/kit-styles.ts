// The State's stylesheet, without what is not ours to use or never used here: the Marianne
// typeface (reserved to the State), and the spacing utilities (our own sheets space things).

import type { Plugin } from "vite";

const FONT_FACE = /@font-face\s*\{[^}]*\}/g;
/** The faces that the State's look draws with. */
const USED = /Marianne-(?:Regular|Medium|Bold)\.woff2/;
const SPACING = /\.fr-[mp][trblxy]?-[\w-]+(?:,\.fr-[mp][trblxy]?-[\w-]+)*\{[^}]*\}/g;
const FAMILY = /(?:Marianne|Spectral), ?(?:arial|georgia), ?(?:sans-)?serif/gi;

export function kitStyles({ marianne }: { marianne: boolean }): Plugin {
  return {
    name: "besace:kit-styles",
    enforce: "pre",
    transform(code, id) {
      if (!/react-dsfr\/dsfr\/.*\.css/.test(id)) return null;
      const faces = code.replace(FONT_FACE, (face) =>
        marianne && USED.test(face) ? face.replace(/,\s*url\([^)]*\.woff"?\)\s*format\("?woff"?\)/, "") : "",
      );
      return { code: faces.replace(SPACING, "").replace(FAMILY, "var(--bs-font)"), map: null };
    },
  };
}
