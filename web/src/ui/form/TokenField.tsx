import { type KeyboardEvent, type ReactNode, useId, useState } from "react";

import { Icon } from "../Icon.tsx";
import type { Described } from "./described.ts";
import { Under } from "./Under.tsx";

interface TokenFieldProps extends Described {
  label: string;
  /** Names the list of what is already there. */
  listLabel: string;
  placeholder: string;
  values: readonly string[];
  removeLabel: (value: string) => string;
  /** What stands beside a value: its state. */
  marks?: ReadonlyMap<string, ReactNode>;
  onChange: (values: string[]) => void;
}

/** Several short texts: each is kept by Enter, a comma or a space, and by leaving the field. */
export function TokenField({ label, listLabel, placeholder, values, removeLabel, marks, hint, error, onChange }: TokenFieldProps) {
  const id = useId();
  const [text, setText] = useState("");
  const keep = () => {
    const added = text.split(/[\s,;]+/).filter((word) => word !== "" && !values.includes(word));
    setText("");
    if (added.length > 0) onChange([...values, ...new Set(added)]);
  };
  const pressed = (event: KeyboardEvent) => {
    if (["Enter", ",", ";", " "].includes(event.key)) {
      event.preventDefault();
      keep();
    }
    if (event.key === "Backspace" && text === "") onChange(values.slice(0, -1));
  };
  return (
    <div className="bs-combo">
      <label className="fr-label" htmlFor={id}>
        {label}
      </label>
      <div className="bs-tokens">
        {values.length === 0 ? null : (
          <ul className="bs-list bs-tokens__list" aria-label={listLabel}>
            {values.map((value) => (
              <li className="bs-token" key={value}>
                {value}
                {marks?.get(value)}
                <button
                  type="button"
                  aria-label={removeLabel(value)}
                  onClick={() => onChange(values.filter((one) => one !== value))}
                >
                  <Icon name="close-line" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          id={id}
          value={text}
          placeholder={placeholder}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={hint === undefined && error === undefined ? undefined : `${id}-under`}
          aria-invalid={error === undefined ? undefined : true}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={pressed}
          onBlur={keep}
        />
      </div>
      <Under id={`${id}-under`} hint={hint} error={error} />
    </div>
  );
}
