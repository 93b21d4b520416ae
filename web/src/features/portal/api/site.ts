import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import { api, dataOf, type Schemas } from "../../../lib/api/client.ts";

export type Site = Schemas["SiteView"];

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
