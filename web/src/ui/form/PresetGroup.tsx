import { useId } from "react";

interface PresetGroupProps<Value extends string> {
  /** Names the group when a visible legend stands elsewhere. */
  label: string;
  value: Value | undefined;
  choices: readonly { value: Value; label: string; detail?: string }[];
  onChange: (value: Value) => void;
}

/** One choice among few, each with a line that says what it does. */
export function PresetGroup<Value extends string>({ label, value, choices, onChange }: PresetGroupProps<Value>) {
  const group = useId();
  return (
    <div className="bs-presets" role="radiogroup" aria-label={label}>
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
  );
}
