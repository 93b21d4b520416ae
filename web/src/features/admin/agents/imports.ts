import { useResource, useSend } from "../api/hooks.ts";
import { query } from "../api/call.ts";
import type { Import } from "../api/shapes.ts";

/** The topic of the hint that says how far an import is. */
const IMPORT = "import";
const ROOT = "/api/v1/admin/imports";
/** Asked again this often while an import runs, for when the stream of hints is cut. */
const FALLBACK_MS = 3_000;

export const MAX_BYTES = 5 * 1024 * 1024;
export const TEMPLATE = `${ROOT}/template.csv`;

/** Every faulty line of an import as it was, with what is wrong: to be mended and given again. */
export const faultyLinesOf = (id: string): string => `${ROOT}/${id}/faulty.csv`;

export function useImport(id: string | undefined) {
  const path = id === undefined ? undefined : `${ROOT}/${id}`;
  const once = useResource<Import>(IMPORT, { path });
  const running = once.data?.data.state === "running";
  // The same query: only while it runs is it asked again by itself.
  useResource<Import>(IMPORT, { path: running ? path : undefined, every: running ? FALLBACK_MS : false });
  return once;
}

export function useImportActs(organisation: string) {
  const send = useSend();
  const applying = useSend(IMPORT, "agents");
  return {
    read: async (file: File) =>
      (await send<Import>({ method: "POST", path: `${ROOT}${query({ organisation })}`, body: file })).data,
    apply: (id: string) => applying<Import>({ method: "POST", path: `${ROOT}/${id}/apply` }),
    drop: (id: string) => send<unknown>({ method: "DELETE", path: `${ROOT}/${id}` }),
  };
}
