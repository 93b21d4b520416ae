import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { IconGrid, SelectField, TextField, TickGroup } from "../../../ui/forms.ts";
import { Button, Icon } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import { optionOf, usePersons } from "../api/people.ts";
import { type AddressCheck, type Category, REACHES } from "../api/shapes.ts";
import { number } from "../common/format.ts";
import { PersonField } from "../common/PersonField.tsx";
import { texts as common } from "../texts.ts";
import { DESCRIPTION_MAX, type Fault, type Faults, NAME_MAX, type ToolForm } from "./form.ts";
import { TILE_ICONS } from "./icons.ts";
import { texts } from "./texts.ts";

interface TileFieldsProps {
  form: ToolForm;
  faults: Faults;
  categories: readonly Category[];
  onChange: (patch: Partial<ToolForm>) => void;
  check: (url: string) => Promise<AddressCheck>;
}

/** What the tile says and where it leads. */
export function TileFields({ form, faults, categories, onChange, check }: TileFieldsProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const wordsOf = (fault: Fault | undefined, max: number) => {
    if (fault === "required") return c.required;
    return fault === "tooLong" ? c.tooLong(max) : undefined;
  };
  return (
    <fieldset className="bs-fieldset">
      <legend>{t.tile}</legend>
      <div className="bs-stack">
        <div className="bs-pair">
          <TextField
            label={t.name}
            value={form.nameFr}
            hint={c.characters(form.nameFr.length, NAME_MAX)}
            error={wordsOf(faults.nameFr, NAME_MAX)}
            required
            onChange={(nameFr) => onChange({ nameFr })}
          />
          <TextField
            label={t.nameEn}
            lang="en"
            value={form.nameEn}
            hint={t.otherwiseFrench}
            error={wordsOf(faults.nameEn, NAME_MAX)}
            onChange={(nameEn) => onChange({ nameEn })}
          />
          <TextField
            label={t.description}
            value={form.descriptionFr}
            hint={c.characters(form.descriptionFr.length, DESCRIPTION_MAX)}
            error={wordsOf(faults.descriptionFr, DESCRIPTION_MAX)}
            required
            onChange={(descriptionFr) => onChange({ descriptionFr })}
          />
          <TextField
            label={t.descriptionEn}
            lang="en"
            value={form.descriptionEn}
            hint={t.otherwiseFrench}
            error={wordsOf(faults.descriptionEn, DESCRIPTION_MAX)}
            onChange={(descriptionEn) => onChange({ descriptionEn })}
          />
        </div>
        <AddressField form={form} fault={faults.url} onChange={onChange} check={check} />
        <div className="bs-pair">
          <SelectField
            label={t.category}
            value={form.category}
            placeholder={t.chooseCategory}
            options={categories.map(({ id, title }) => ({ value: id, label: title }))}
            error={faults.category === undefined ? undefined : c.required}
            onChange={(category) => onChange({ category })}
          />
          <OwnerField owner={form.owner} onChange={(owner) => onChange({ owner })} />
        </div>
        <TickGroup
          legend={t.reaches}
          hint={t.reachesHint}
          error={faults.reaches === undefined ? undefined : t.reachMissing}
          choices={REACHES.map((reach) => ({ value: reach, label: t[reach] }))}
          values={form.reaches}
          onChange={(reaches) => onChange({ reaches })}
        />
        <IconGrid
          legend={t.icon}
          value={form.icon}
          choices={TILE_ICONS.map((choice) => ({ icon: choice.icon, name: choice[locale] }))}
          onChange={(icon) => onChange({ icon })}
        />
      </div>
    </fieldset>
  );
}

interface AddressFieldProps {
  form: ToolForm;
  fault: Fault | undefined;
  onChange: TileFieldsProps["onChange"];
  check: TileFieldsProps["check"];
}

/** The address, and whether it answers when asked. */
function AddressField({ form, fault, onChange, check }: AddressFieldProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const [checked, setChecked] = useState("");
  const trial = useAct(check);
  const run = () => {
    setChecked(form.url);
    trial.mutate(form.url.trim());
  };
  const result = () => {
    if (checked !== form.url) return null;
    if (trial.isPending) return t.checking;
    if (trial.data?.ok) {
      return (
        <>
          <span className="t-ok">
            <Icon name="checkbox-circle-fill" />
          </span>
          {t.checkedOk(number(trial.data.milliseconds ?? 0, locale))}
        </>
      );
    }
    return trial.data === undefined && trial.error === null ? null : (
      <>
        <span className="t-warn">
          <Icon name="alert-line" />
        </span>
        {trial.data?.detail ? `${trial.data.detail} ` : null}
        {t.checkFailed}
      </>
    );
  };
  const error = fault === undefined ? undefined : fault === "required" ? c.required : t.notAnAddress;
  return (
    <div>
      <div className="bs-inline">
        <TextField label={t.address} type="url" value={form.url} required error={error} onChange={(url) => onChange({ url })} />
        <Button kind="tertiary" onClick={run}>
          {t.check}
        </Button>
      </div>
      <p className="bs-under" role="status">
        {result()}
      </p>
    </div>
  );
}

/** Who answers for the tool. */
function OwnerField({ owner, onChange }: { owner: string; onChange: (owner: string) => void }) {
  const t = useTexts(texts);
  const person = usePersons(owner === "" ? [] : [owner]).get(owner);
  const known = person === undefined ? undefined : optionOf(person);
  return (
    <PersonField label={t.owner} hint={t.ownerHint} value={known} onChange={(option) => onChange(option?.id ?? "")} />
  );
}
