import { useId } from "react";

import { Icon } from "./Icon.tsx";

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What the filter leaves, in words: announced when it changes. */
  result: string;
}

/** A field that filters what stands beneath it, and says how much is left. */
export function SearchField({ label, value, onChange, result }: SearchFieldProps) {
  const id = useId();
  return (
    <div className="bs-filter" role="search">
      <label className="fr-label" htmlFor={id}>
        {label}
      </label>
      <div className="bs-filter__field">
        <Icon name="search-line" />
        <input
          id={id}
          className="fr-input"
          type="search"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <p className="bs-filter__result" role="status">
        {result}
      </p>
    </div>
  );
}
