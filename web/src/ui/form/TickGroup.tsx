import { type ReactNode, useId } from "react";

import { Under } from "./Under.tsx";

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
