import { useMutation, useQueryClient } from "@tanstack/react-query";

import { useTexts } from "../../../i18n/dictionary.ts";
import { call } from "../../../lib/api/shapes.ts";
import { tellFailure } from "../../../lib/notes.ts";
import { texts } from "../texts.ts";
import { HOME_KEY, type Home } from "./home.ts";

export type { Announcement, Severity } from "../../../lib/api/shapes.ts";

/** The key under which announcements are kept, whatever their language. */
export const ANNOUNCEMENTS_KEY = ["announcements"] as const;

/** "I have read it": said to who published, and shown at once wherever the announcement stands. */
export function useConfirmReading() {
  const t = useTexts(texts);
  const client = useQueryClient();
  const again = () => {
    void client.invalidateQueries({ queryKey: ANNOUNCEMENTS_KEY });
    void client.invalidateQueries({ queryKey: HOME_KEY });
  };
  return useMutation({
    mutationFn: (id: string) => call<unknown>("POST", `/api/v1/announcements/${encodeURIComponent(id)}/read`),
    onMutate: (id) => {
      const readAt = Date.now();
      client.setQueriesData<Home>({ queryKey: HOME_KEY }, (home) =>
        home === undefined
          ? home
          : { ...home, announcements: home.announcements.map((one) => (one.id === id ? { ...one, readAt } : one)) },
      );
    },
    onSuccess: again,
    onError: () => {
      tellFailure(t.readFailed);
      again();
    },
  });
}
