import { read } from "../api/call.ts";
import { useResource, useSend } from "../api/hooks.ts";
import type { AddressCheck, ApplicationAddresses, Category, KnownApplication, Page, Tool, ToolNotice } from "../api/shapes.ts";
import { bodyOf, formOf, type ToolForm } from "./form.ts";

/** The topic of the hint that makes lists of tools old. */
export const TOOLS = "home";
const ROOT = "/api/v1/admin/tools";
/** Read apart from the tools: one that has just ended is not asked for again. */
const APPLICATION = "tool-application";

export function useTool(id: string | undefined) {
  return useResource<Tool>(TOOLS, { path: id === undefined ? undefined : `${ROOT}/${id}` });
}

/** The application of a tool that has one. */
export function useApplication(tool: Tool | undefined) {
  return useResource<KnownApplication>(APPLICATION, { path: tool?.clientId ? `${ROOT}/${tool.id}/application` : undefined });
}

export function useCategories() {
  return useResource<Page<Category>>("categories", { path: "/api/v1/admin/categories" });
}

/** Everything that can be done to a tool. */
export function useToolActs(organisation: string) {
  const send = useSend(TOOLS, "requests");
  const quietly = useSend();
  const connect = useSend(TOOLS, APPLICATION);
  return {
    create: (form: ToolForm) => send<Tool>({ method: "POST", path: ROOT, body: bodyOf(form, organisation) }),
    /** `confirmEverybody`: the reader agreed that a published tool be seen by all agents. */
    put: (id: string, form: ToolForm, ifMatch: string | undefined, confirmEverybody: boolean) => {
      const body = confirmEverybody ? { ...bodyOf(form, organisation), confirmEverybody } : bodyOf(form, organisation);
      return send<Tool>({ method: "PUT", path: `${ROOT}/${id}`, body, ifMatch });
    },
    reload: async (id: string) => {
      const { data, tag } = await read<Tool>(`${ROOT}/${id}`);
      return { form: formOf(data), tag };
    },
    publish: (id: string, confirmEverybody: boolean) =>
      send<unknown>({ method: "POST", path: `${ROOT}/${id}/publish`, body: confirmEverybody ? { confirmEverybody } : {} }),
    withdraw: (id: string) => send<unknown>({ method: "POST", path: `${ROOT}/${id}/withdraw` }),
    remove: (id: string) => send<unknown>({ method: "DELETE", path: `${ROOT}/${id}` }),
    application: {
      create: (id: string, body: ApplicationAddresses) =>
        connect<{ clientId: string; secret: string }>({ method: "POST", path: `${ROOT}/${id}/application`, body }),
      /** Its secret stays. */
      move: (id: string, body: ApplicationAddresses) =>
        connect<KnownApplication>({ method: "PUT", path: `${ROOT}/${id}/application`, body }),
      end: (id: string) => send<unknown>({ method: "DELETE", path: `${ROOT}/${id}/application` }),
    },
    notice: (id: string, notice: ToolNotice) => send<unknown>({ method: "PUT", path: `${ROOT}/${id}/notice`, body: notice }),
    endNotice: (id: string) => send<unknown>({ method: "DELETE", path: `${ROOT}/${id}/notice` }),
    check: async (url: string) =>
      (await quietly<AddressCheck>({ method: "POST", path: `${ROOT}/check-address`, body: { url } })).data,
  };
}
