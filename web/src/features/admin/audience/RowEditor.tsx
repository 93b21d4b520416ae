import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { matches } from "../../../lib/fold.ts";
import { Combobox, type Option, PresetGroup, SelectField } from "../../../ui/forms.ts";
import { Button, Switch } from "../../../ui/index.ts";
import { POPULATIONS, type Population } from "../api/shapes.ts";
import { PersonField } from "../common/PersonField.tsx";
import { useScope } from "../common/scope.ts";
import { populationWord } from "./RowSentence.tsx";
import type { Row, Who } from "./rows.ts";
import { texts } from "./texts.ts";

type Kind = "organisation" | "population" | "person" | "everyone";

const SHOWN = 30;

interface RowEditorProps {
  effect: Row["effect"];
  onAdd: (who: Who) => void;
  onCancel: () => void;
}

/** Writes one row: an administration, a population, a person, or everybody. */
export function RowEditor({ effect, onAdd, onCancel }: RowEditorProps) {
  const t = useTexts(texts);
  const { current } = useScope();
  const [kind, setKind] = useState<Kind>("organisation");
  const [organisation, setOrganisation] = useState<Option | undefined>(current);
  const [subtree, setSubtree] = useState(true);
  const [population, setPopulation] = useState<Population | "">("");
  const [person, setPerson] = useState<Option>();
  const [asked, setAsked] = useState(false);

  const written = (): Who | undefined => {
    const limited = population === "" ? {} : { population };
    if (kind === "everyone") return { kind: "everyone" };
    if (kind === "population") return population === "" ? undefined : { kind: "everyone", population };
    if (kind === "person") return person && { kind: "person", id: person.id };
    return organisation && { kind: "organisation", id: organisation.id, subtree, ...limited };
  };
  const add = () => {
    const who = written();
    if (who === undefined) setAsked(true);
    else onAdd(who);
  };
  const error = asked ? t.missing : undefined;
  const words = POPULATIONS.map((value) => ({ value, label: populationWord(value, t) }));

  return (
    <div className="bs-rules__edit bs-stack" role="group" aria-label={effect === "show" ? t.addShow : t.addExcept}>
      <PresetGroup<Kind>
        label={t.kind}
        value={kind}
        choices={[
          { value: "organisation", label: t.kindOrganisation },
          { value: "population", label: t.kindPopulation },
          { value: "person", label: t.kindPerson },
          ...(effect === "show" ? [{ value: "everyone" as const, label: t.kindEveryone }] : []),
        ]}
        onChange={setKind}
      />
      {kind === "organisation" ? (
        <>
          <OrganisationField value={organisation} onChange={setOrganisation} error={error} />
          <Switch label={t.subtree} checked={subtree} onChange={setSubtree} />
          <SelectField
            label={t.populationLabel}
            value={population}
            options={[{ value: "", label: t.populationAll }, ...words]}
            onChange={(value) => setPopulation(value as Population | "")}
          />
        </>
      ) : null}
      {kind === "population" ? (
        <PresetGroup label={t.populationLabel} value={population || undefined} choices={words} onChange={setPopulation} />
      ) : null}
      {kind === "person" ? <PersonField label={t.person} value={person} onChange={setPerson} error={error} /> : null}
      <div className="bs-actions bs-actions--start">
        <Button small onClick={add}>
          {t.addRow}
        </Button>
        <Button kind="plain" small onClick={onCancel}>
          {t.cancel}
        </Button>
      </div>
    </div>
  );
}

interface OrganisationFieldProps {
  value: Option | undefined;
  error: string | undefined;
  onChange: (value: Option | undefined) => void;
}

/** Finds an administration by name or number. */
function OrganisationField({ value, error, onChange }: OrganisationFieldProps) {
  const t = useTexts(texts);
  const { organisations } = useScope();
  const [text, setText] = useState("");
  const found = [...organisations.values()].filter(({ label, siret }) => matches(text, `${label} ${siret ?? ""}`)).slice(0, SHOWN);
  return (
    <Combobox
      label={t.organisation}
      value={value}
      onChange={onChange}
      options={found.map(({ id, label, siret }) => ({ id, label, detail: siret }))}
      onQuery={setText}
      message={found.length === 0 ? t.noOrganisation : undefined}
      placeholder={t.organisationPlaceholder}
      listLabel={t.organisationsFound}
      error={error}
    />
  );
}
