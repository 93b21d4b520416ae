import { useTexts } from "../../../i18n/dictionary.ts";
import { Badge, type BadgeTone, type IconName } from "../../../ui/index.ts";
import type { Outcome } from "./api.ts";
import { texts } from "./texts.ts";

const TONES: Record<Outcome, [BadgeTone, IconName]> = {
  done: ["ok", "check-line"],
  refused: ["error", "close-line"],
  failed: ["warn", "alert-line"],
};

/** How an act ended. */
export function Result({ outcome }: { outcome: Outcome }) {
  const t = useTexts(texts);
  const [tone, icon] = TONES[outcome];
  return (
    <Badge tone={tone} icon={icon}>
      {t[outcome]}
    </Badge>
  );
}
