import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Progress } from "../../../ui/forms.ts";
import type { Import } from "../api/shapes.ts";
import { number } from "../common/format.ts";
import { texts } from "./texts.ts";

/** An import that goes on without this page. */
export function ImportRunning({ running }: { running: Import }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const done = running.done ?? 0;
  return (
    <div className="bs-cardstack">
      <section className="bs-card" aria-labelledby="running">
        <h2 id="running">{t.running}</h2>
        <Progress label={t.progress(number(done, locale), number(running.ready, locale))} value={done} max={running.ready} />
        <p className="bs-under">{t.runningText}</p>
      </section>
    </div>
  );
}
