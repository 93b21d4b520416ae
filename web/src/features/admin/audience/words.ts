import { useTexts } from "../../../i18n/dictionary.ts";
import type { Audience } from "../api/shapes.ts";
import { useScope } from "../common/scope.ts";
import { wordsOf } from "./RowSentence.tsx";
import { rowsOf } from "./rows.ts";
import { texts } from "./texts.ts";

/** How an audience reads in a few lines. */
export function useAudienceWords(): (audience: Audience) => string {
  const t = useTexts(texts);
  const { organisations } = useScope();
  return (audience) => {
    const rows = rowsOf(audience);
    if (rows === undefined) return t.tooRich;
    return rows
      .map(({ effect, who }, index) => {
        const shown = index === 0 ? t.show : t.andTo;
        return `${effect === "except" ? t.exceptTo : shown} ${wordsOf(who, { organisations, persons: new Map() }, t)}`;
      })
      .join("\n");
  };
}
