import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import { send } from "../api/call.ts";
import type { Audience, Description } from "../api/shapes.ts";
import { useDebounced } from "../common/useDebounced.ts";

const WRITING_MS = 300;

/** What an audience means now, asked once the writing pauses. `fresh`: of this very audience. */
export function useDescription(audience: Audience, organisation: string) {
  const locale = useLocale();
  const settled = useDebounced(JSON.stringify(audience), WRITING_MS);
  const answer = useQuery({
    queryKey: ["admin", "describe", organisation, settled, locale],
    queryFn: async () =>
      (
        await send<Description>({
          method: "POST",
          path: "/api/v1/admin/audience/describe",
          body: { audience: JSON.parse(settled) as Audience, organisation },
        })
      ).data,
    placeholderData: keepPreviousData,
  });
  const fresh = settled === JSON.stringify(audience) && !answer.isPlaceholderData && answer.error === null;
  return { description: answer.data, fresh: fresh && answer.data !== undefined, failed: answer.error !== null };
}
