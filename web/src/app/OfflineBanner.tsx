import { useQueryClient } from "@tanstack/react-query";

import { useHome } from "../features/portal/index.ts";
import { browserZone, clockTime } from "../i18n/dates.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { useLocale } from "../i18n/locale.ts";
import { useNetwork } from "../lib/api/network.ts";
import { Button, Icon } from "../ui/index.ts";
import { texts } from "./texts.ts";

/** Without network: since when, and from when is what is read. */
export function OfflineBanner() {
  const t = useTexts(texts);
  const locale = useLocale();
  const client = useQueryClient();
  const zone = useHome().data?.zone ?? browserZone();
  const { since, copy } = useNetwork();
  return (
    <div role="status">
      {since === undefined ? null : (
        <div className="bs-offline">
          <Icon name="wifi-off-line" />
          <p>
            <b>{t.offlineSince(clockTime(since, zone, locale))}</b>{" "}
            {copy === undefined ? t.offline : t.offlineCopy(clockTime(copy, zone, locale))}
          </p>
          <Button small kind="tertiary" onClick={() => void client.invalidateQueries()}>
            {t.retry}
          </Button>
        </div>
      )}
    </div>
  );
}
