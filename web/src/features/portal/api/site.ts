import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import { api, type AnswerOf, dataOf } from "../../../lib/api/client.ts";

export type Site = AnswerOf<"/api/v1/site">;

/** Public facts of this instance: they change with its configuration only. */
export function useSite() {
  const locale = useLocale();
  return useQuery({
    queryKey: ["site", locale],
    queryFn: ({ signal }) => dataOf(api.GET("/api/v1/site", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}
