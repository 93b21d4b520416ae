import { useId } from "react";

interface PresetGroupProps<Value extends string> {
  label: string;
  /** The label is for screen readers only: a visible one stands elsewhere. */
  quiet?: boolean;
  /** The names of the choices do not fit four on a line. */
  long?: boolean;
  value: Value | undefined;
  choices: readonly { value: Value; label: string; detail?: string }[];
  onChange: (value: Value) => void;
}

/** One choice among few, each with a line that says what it does. */
export function PresetGroup<Value extends string>({ label, quiet = false, long = false, value, choices, onChange }: PresetGroupProps<Value>) {
  const group = useId();
  return (
    <div role="radiogroup" aria-labelledby={`${group}-label`}>
      <p className={quiet ? "bs-sr" : "fr-label bs-presets__label"} id={`${group}-label`}>
        {label}
      </p>
      <div className={long ? "bs-presets bs-presets--long" : "bs-presets"}>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              name={group}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <b>{choice.label}</b>
            {choice.detail === undefined ? null : <small>{choice.detail}</small>}
          </label>
        ))}
      </div>
    </div>
  );
}
