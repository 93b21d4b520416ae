import { Badge } from "../../../ui/index.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import type { ToolState } from "../api/shapes.ts";
import { texts } from "./texts.ts";

/** Whether agents see the tool. */
export function StateOfTool({ state }: { state: ToolState }) {
  const t = useTexts(texts);
  if (state === "published") {
    return (
      <Badge tone="ok" icon="check-line">
        {t.published}
      </Badge>
    );
  }
  return state === "draft" ? <Badge icon="quill-pen-line">{t.draft}</Badge> : <Badge>{t.withdrawn}</Badge>;
}
