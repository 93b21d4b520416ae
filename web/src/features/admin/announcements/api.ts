import { read } from "../api/call.ts";
import { useResource, useSend } from "../api/hooks.ts";
import type { Announcement } from "../api/shapes.ts";
import { type AnnouncementForm, bodyOf, formOf } from "./form.ts";

/** The topic of the hint that makes announcements old. */
export const ANNOUNCEMENTS = "announcements";
export const ROOT = "/api/v1/admin/announcements";

export function useAnnouncement(id: string | undefined) {
  return useResource<Announcement>(ANNOUNCEMENTS, { path: id === undefined ? undefined : `${ROOT}/${id}` });
}

/** Everything that can be done to an announcement. */
export function useAnnouncementActs(organisation: string) {
  const send = useSend(ANNOUNCEMENTS);
  return {
    create: (form: AnnouncementForm) => send<Announcement>({ method: "POST", path: ROOT, body: bodyOf(form, organisation) }),
    put: (id: string, form: AnnouncementForm, ifMatch: string | undefined) =>
      send<Announcement>({ method: "PUT", path: `${ROOT}/${id}`, body: bodyOf(form, organisation), ifMatch }),
    reload: async (id: string) => {
      const { data, tag } = await read<Announcement>(`${ROOT}/${id}`);
      return { form: formOf(data), tag };
    },
    publish: (id: string) => send<unknown>({ method: "POST", path: `${ROOT}/${id}/publish` }),
    withdraw: (id: string) => send<unknown>({ method: "POST", path: `${ROOT}/${id}/withdraw` }),
  };
}
