import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { SelectField } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import type { QuietDay } from "../api/settings.ts";
import { texts } from "../texts.ts";
import { Hour } from "./Hour.tsx";
import { weekday } from "./Week.tsx";

type Kind = "none" | "range" | "allDay";

const USUAL = { from: "20:00", to: "07:00" };

function kindOf(day: QuietDay): Kind {
  if (day === null) return "none";
  return "allDay" in day ? "allDay" : "range";
}

/** The week with the platform's own fields: the keyboard, the hand and the voice all know them. */
export function WeekEditor({ days, onChange }: { days: readonly QuietDay[]; onChange: (days: readonly QuietDay[]) => void }) {
  const t = useTexts(texts);
  const put = (index: number, day: QuietDay) => onChange(days.map((one, at) => (at === index ? day : one)));
  const copyMonday = () => onChange(days.map((one, at) => (at < 5 ? (days[0] ?? null) : one)));
  return (
    <>
      <ul className="bs-list bs-week-edit">
        {days.map((day, index) => (
          // The days of a week have no other name than their place.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <DayEditor index={index} day={day} onChange={(next) => put(index, next)} />
          </li>
        ))}
      </ul>
      <Button small kind="tertiary" onClick={copyMonday}>
        {t.copyMonday}
      </Button>
    </>
  );
}

function DayEditor({ index, day, onChange }: { index: number; day: QuietDay; onChange: (day: QuietDay) => void }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const name = weekday(index, locale);
  const choose = (kind: string) => {
    if (kind === "none") onChange(null);
    else if (kind === "allDay") onChange({ allDay: true });
    else onChange(USUAL);
  };
  return (
    <>
      <b aria-hidden="true">{name}</b>
      <SelectField
        quiet
        label={t.kindOf(name)}
        value={kindOf(day)}
        options={[
          { value: "none", label: t.kindNone },
          { value: "range", label: t.kindRange },
          { value: "allDay", label: t.kindAllDay },
        ]}
        onChange={choose}
      />
      {day === null || "allDay" in day ? null : (
        <>
          <Hour label={t.fromOf(name)} value={day.from} onChange={(from) => onChange({ from, to: day.to })} />
          <Hour label={t.toOf(name)} value={day.to} onChange={(to) => onChange({ from: day.from, to })} />
        </>
      )}
    </>
  );
}
