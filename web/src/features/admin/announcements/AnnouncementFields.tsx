import { useTexts } from "../../../i18n/dictionary.ts";
import { PresetGroup, TextArea, TextField } from "../../../ui/forms.ts";
import { Switch } from "../../../ui/index.ts";
import { SEVERITIES } from "../api/shapes.ts";
import { texts as common } from "../texts.ts";
import { type AnnouncementForm, BODY_MAX, type Fault, type Faults, TITLE_MAX } from "./form.ts";
import { texts } from "./texts.ts";

interface AnnouncementFieldsProps {
  form: AnnouncementForm;
  faults: Faults;
  onChange: (patch: Partial<AnnouncementForm>) => void;
}

/** What an announcement says, and when. */
export function AnnouncementFields({ form, faults, onChange }: AnnouncementFieldsProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const wordsOf = (fault: Fault | undefined, max: number) => {
    if (fault === undefined) return undefined;
    return fault === "required" ? c.required : c.tooLong(max);
  };
  return (
    <>
      <fieldset className="bs-fieldset">
        <legend>{t.content}</legend>
        <div className="bs-stack">
          <div className="bs-pair">
            <TextField
              label={t.titleFr}
              value={form.titleFr}
              hint={c.characters(form.titleFr.length, TITLE_MAX)}
              error={wordsOf(faults.titleFr, TITLE_MAX)}
              required
              onChange={(titleFr) => onChange({ titleFr })}
            />
            <TextField
              label={t.titleEn}
              lang="en"
              value={form.titleEn}
              hint={t.otherwiseFrench}
              error={wordsOf(faults.titleEn, TITLE_MAX)}
              onChange={(titleEn) => onChange({ titleEn })}
            />
          </div>
          <TextArea
            label={t.bodyFr}
            rows={5}
            value={form.bodyFr}
            hint={c.characters(form.bodyFr.length, BODY_MAX)}
            error={wordsOf(faults.bodyFr, BODY_MAX)}
            required
            onChange={(bodyFr) => onChange({ bodyFr })}
          />
          <TextArea
            label={t.bodyEn}
            lang="en"
            value={form.bodyEn}
            hint={t.otherwiseFrench}
            error={wordsOf(faults.bodyEn, BODY_MAX)}
            onChange={(bodyEn) => onChange({ bodyEn })}
          />
          <PresetGroup
            label={t.severity}
            value={form.severity}
            choices={SEVERITIES.map((value) => ({ value, label: t[value], detail: t[`${value}Detail`] }))}
            onChange={(severity) => onChange({ severity })}
          />
          <TextField
            label={t.link}
            value={form.link}
            hint={t.linkHint}
            error={faults.link === undefined ? undefined : t.notAnAddress}
            onChange={(link) => onChange({ link })}
          />
        </div>
      </fieldset>
      <fieldset className="bs-fieldset">
        <legend>{t.when}</legend>
        <div className="bs-stack">
          <div className="bs-pair">
            <TextField label={t.from} type="datetime-local" value={form.from} hint={t.fromHint} onChange={(from) => onChange({ from })} />
            <TextField
              label={t.until}
              type="datetime-local"
              value={form.until}
              error={faults.until === undefined ? undefined : t.beforeStart}
              onChange={(until) => onChange({ until })}
            />
          </div>
          <Switch
            label={t.mustConfirm}
            hint={t.mustConfirmHint}
            checked={form.mustConfirm}
            onChange={(mustConfirm) => onChange({ mustConfirm })}
          />
        </div>
      </fieldset>
    </>
  );
}
