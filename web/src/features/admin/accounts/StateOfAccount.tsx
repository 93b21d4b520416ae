import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Badge } from "../../../ui/index.ts";
import { day } from "../common/format.ts";
import type { Account } from "./api.ts";
import { texts } from "./texts.ts";

/** Whether it opens, and whether a password was chosen; until when an invitation waits. */
export function StateOfAccount({ account }: { account: Account }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { agentState } = account;
  if (agentState === "suspended" || agentState === "departed" || agentState === "erased") {
    return (
      <Badge tone={agentState === "suspended" ? "warn" : "neutral"} icon="lock-line">
        {t[agentState]}
      </Badge>
    );
  }
  if (account.passwordChosen) {
    return (
      <Badge tone="ok" icon="check-line">
        {t.chosen}
      </Badge>
    );
  }
  const until = account.invitedUntil ?? undefined;
  if (until === undefined) {
    return (
      <Badge tone="warn" icon="time-line">
        {t.expired}
      </Badge>
    );
  }
  return (
    <>
      <Badge icon="time-line">{t.waiting}</Badge>
      <small>{t.until(day(until, locale))}</small>
    </>
  );
}

/** Whether there is a second factor. */
export function FactorOfAccount({ account }: { account: Account }) {
  const t = useTexts(texts);
  if (account.secondFactor) return t.factorYes;
  return account.secondFactorDue ? t.factorDue : t.factorNo;
}
