import { useTexts } from "../../../i18n/dictionary.ts";
import { State } from "../../../ui/forms.ts";
import type { ToolState } from "../api/pending.ts";
import { texts } from "./texts.ts";

/** Whether agents see the tool. */
export function StateOfTool({ state }: { state: ToolState }) {
  const t = useTexts(texts);
  if (state === "published") {
    return (
      <State tone="ok" icon="check-line">
        {t.published}
      </State>
    );
  }
  return state === "draft" ? <State icon="quill-pen-line">{t.draft}</State> : <State>{t.withdrawn}</State>;
}
