import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { SelectField, TextField } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { useScope } from "../common/scope.ts";
import { useDebounced } from "../common/useDebounced.ts";
import { type Filter, type Names, useNameOf } from "./api.ts";
import { families } from "./sentences.ts";
import { texts } from "./texts.ts";

const TYPING_MS = 300;
const OUTCOMES = ["done", "refused", "failed"] as const;
/** What the filters are called in the address. */
const KEYS = { who: "qui", from: "du", to: "au", act: "acte", outcome: "resultat", subject: "objet" } as const;

export type Change = (values: Record<string, string>) => void;

/** The filters of the address, and what changes them. */
export function useFilter() {
  const { current, operator } = useScope();
  const [params, setParams] = useSearchParams();
  const said = (key: string) => params.get(key) ?? "";
  const all = operator && said("etendue") === "tout";
  const filter: Filter = {
    organisation: all ? undefined : current.id,
    who: said(KEYS.who),
    from: said(KEYS.from),
    to: said(KEYS.to),
    act: said(KEYS.act),
    outcome: said(KEYS.outcome),
    subject: said(KEYS.subject),
  };
  const change: Change = (values) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [key, value] of Object.entries(values)) {
          if (value === "") next.delete(key);
          else next.set(key, value);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  const clear = () => change({ ...Object.fromEntries(Object.values(KEYS).map((key) => [key, ""])), entree: "" });
  return { filter, change, clear };
}

/** Whether something is asked beside whose acts. */
export function isFiltered(filter: Filter): boolean {
  return Object.entries(filter).some(([key, value]) => key !== "organisation" && value !== "");
}

interface JournalFiltersProps {
  filter: Filter;
  names: Names;
  onChange: Change;
  onClear: () => void;
}

/** By whom, when, what, how it ended, on what. */
export function JournalFilters({ filter, names, onChange, onClear }: JournalFiltersProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { operator } = useScope();
  // A person chosen in an entry stands in the address by id, and in the field by name.
  const chosen = useNameOf(filter.who, names);
  const [who, setWho] = useState(filter.who);
  const typed = useDebounced(who.trim(), TYPING_MS);
  useEffect(() => {
    if (typed !== filter.who) onChange({ [KEYS.who]: typed });
    // Only what was typed moves the address.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [typed]);
  useEffect(() => setWho((text) => (text.trim() === filter.who ? text : filter.who)), [filter.who]);
  const acts = families(locale).flatMap(([family, words]) => [
    ...(words.length > 1 ? [{ value: family, label: t.wholeFamily(words.map(([, { label }]) => label.toLocaleLowerCase(locale)).join(", ")) }] : []),
    ...words.map(([act, { label }]) => ({ value: act, label })),
  ]);
  return (
    <form className="bs-filterbar" role="search" aria-label={t.filters} onSubmit={(event) => event.preventDefault()}>
      {operator ? (
        <SelectField
          label={t.reach}
          value={filter.organisation === undefined ? "tout" : ""}
          options={[
            { value: "", label: t.reachOne },
            { value: "tout", label: t.reachAll },
          ]}
          onChange={(value) => onChange({ etendue: value })}
        />
      ) : null}
      <TextField label={`${t.who} (${t.whoHint.toLocaleLowerCase(locale)})`} value={chosen !== undefined && who === filter.who ? chosen : who} onChange={setWho} />
      <TextField label={t.from} type="date" value={filter.from} onChange={(value) => onChange({ [KEYS.from]: value })} />
      <TextField label={t.to} type="date" value={filter.to} onChange={(value) => onChange({ [KEYS.to]: value })} />
      <SelectField
        label={t.act}
        value={filter.act}
        options={[{ value: "", label: t.anyAct }, ...acts]}
        onChange={(value) => onChange({ [KEYS.act]: value })}
      />
      <SelectField
        label={t.outcome}
        value={filter.outcome}
        options={[{ value: "", label: t.anyOutcome }, ...OUTCOMES.map((value) => ({ value, label: t[value] }))]}
        onChange={(value) => onChange({ [KEYS.outcome]: value })}
      />
      {filter.subject === "" ? null : <p className="bs-filterbar__about">{t.about(names[filter.subject]?.name ?? filter.subject)}</p>}
      {isFiltered(filter) ? (
        <Button kind="tertiary" onClick={onClear}>
          {t.clear}
        </Button>
      ) : null}
    </form>
  );
}
