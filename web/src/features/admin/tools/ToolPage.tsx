import { useParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import type { Category, Tool } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { draftKey } from "../common/drafts.ts";
import { said } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { useCategories, useTool } from "./api.ts";
import { EMPTY, formOf } from "./form.ts";
import { StateOfTool } from "./StateOfTool.tsx";
import { texts } from "./texts.ts";
import { ToolEditor } from "./ToolEditor.tsx";

/** `/administration/outils/nouveau` and `/administration/outils/:id`. */
export function ToolPage() {
  const t = useTexts(texts);
  const locale = useLocale();
  const { id = "nouveau" } = useParams();
  const fresh = id === "nouveau";
  const tool = useTool(fresh ? undefined : id);
  const categories = useCategories();
  const known = tool.data?.data;
  const ready = categories.data !== undefined && (fresh || known !== undefined);
  const error = categories.error ?? tool.error;
  const retry = () => void Promise.all([categories.refetch(), fresh ? undefined : tool.refetch()]);
  return (
    <AdminPage
      title={known === undefined ? t.newTool : said(known.name, locale)}
      above={[{ label: t.title, to: `${BASE}/outils` }]}
      mark={known === undefined ? undefined : <StateOfTool state={known.state} />}
    >
      {ready || error !== null ? null : <LoadingRows />}
      {!ready && error !== null ? <Failed error={error} onRetry={retry} /> : null}
      {ready ? <Editor key={id} tool={known} tag={tool.data?.tag} categories={categories.data.data.items} /> : null}
    </AdminPage>
  );
}

interface EditorProps {
  tool: Tool | undefined;
  tag: string | undefined;
  categories: readonly Category[];
}

function Editor({ tool, tag, categories }: EditorProps) {
  const { agent, current } = useScope();
  return (
    <ToolEditor
      tool={tool}
      tag={tag}
      saved={tool === undefined ? EMPTY : formOf(tool)}
      organisation={tool?.organisation?.id ?? current.id}
      categories={categories}
      storageKey={draftKey(agent.id, "tool", tool?.id ?? `new-${current.id}`)}
    />
  );
}
