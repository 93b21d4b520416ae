import type { ReactNode } from "react";

import { type Described, useFieldIds } from "./described.ts";
import { Under } from "./Under.tsx";

interface SelectFieldProps extends Described {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string; lang?: string }[];
  /** Shown first when nothing is chosen yet. */
  placeholder?: string;
  /** The label is for screen readers only: a filter says its value, a row its name. */
  quiet?: boolean;
}

/** One choice in a closed list: the platform's own select. */
export function SelectField({ label, value, onChange, options, placeholder, hint, error, quiet = false }: SelectFieldProps) {
  const { id, under, describedBy } = useFieldIds({ hint, error });
  return (
    <div className={error === undefined ? "fr-select-group" : "fr-select-group fr-select-group--error"}>
      <label className={quiet ? "bs-sr" : "fr-label"} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="fr-select"
        value={value}
        aria-describedby={describedBy}
        aria-invalid={error === undefined ? undefined : true}
        onChange={(event) => onChange(event.target.value)}
      >
        {placeholder === undefined ? null : (
          <option value="" disabled hidden>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value} lang={option.lang}>
            {option.label}
          </option>
        ))}
      </select>
      <Under id={under} hint={hint} error={error} />
    </div>
  );
}
