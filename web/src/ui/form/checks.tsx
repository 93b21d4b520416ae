import { type ReactNode, useId } from "react";

import { Under } from "./Under.tsx";

interface CheckProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A box to tick: the kit's. */
export function CheckField({ label, hint, checked, onChange }: CheckProps) {
  const id = useId();
  return (
    <div className="fr-checkbox-group bs-check">
      <input type="checkbox" id={id} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <label className="fr-label" htmlFor={id}>
        {label}
        {hint === undefined ? null : <span className="fr-hint-text">{hint}</span>}
      </label>
    </div>
  );
}

/** On or off, at once. */
export function SwitchField({ label, hint, checked, onChange }: CheckProps) {
  return (
    <label className="bs-toggle">
      <span>
        <b>{label}</b>
        {hint === undefined ? null : <small>{hint}</small>}
      </span>
      <input type="checkbox" role="switch" aria-checked={checked} checked={checked} onChange={(event) => onChange(event.target.checked)} />
    </label>
  );
}

interface TickGroupProps<Value extends string> {
  legend: string;
  hint?: string;
  error?: string | undefined;
  choices: readonly { value: Value; label: ReactNode }[];
  values: readonly Value[];
  onChange: (values: Value[]) => void;
}

/** Several choices among few, side by side. */
export function TickGroup<Value extends string>({ legend, hint, error, choices, values, onChange }: TickGroupProps<Value>) {
  const id = useId();
  const toggle = (value: Value, on: boolean) =>
    onChange(choices.map((choice) => choice.value).filter((one) => (one === value ? on : values.includes(one))));
  return (
    <fieldset className="bs-fieldset bs-fieldset--flat" aria-describedby={`${id}-under`}>
      <legend className="bs-legend-sm">{legend}</legend>
      <div className="bs-tick">
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="checkbox"
              checked={values.includes(choice.value)}
              onChange={(event) => toggle(choice.value, event.target.checked)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
      <Under id={`${id}-under`} hint={hint} error={error} />
    </fieldset>
  );
}
