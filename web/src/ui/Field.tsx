import { type ComponentProps, type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  hint?: string;
  /** What is wrong, and how to mend it. */
  error?: string | undefined;
}

/** A named field; `children` draws the control with the ids that name and describe it. */
function Labelled({ label, hint, error, children }: FieldProps & { children: (ids: { id: string; describedBy: string }) => ReactNode }) {
  const id = useId();
  return (
    <div className={error === undefined ? "fr-input-group" : "fr-input-group fr-input-group--error"}>
      <label className="fr-label" htmlFor={id}>
        {label}
        {hint === undefined ? null : <span className="fr-hint-text">{hint}</span>}
      </label>
      {children({ id, describedBy: `${id}-error` })}
      <p id={`${id}-error`} className={error === undefined ? "bs-sr" : "fr-error-text"} aria-live="polite">
        {error}
      </p>
    </div>
  );
}

/** One line of text, a date, an hour. */
export function TextField({ label, hint, error, ...rest }: FieldProps & Omit<ComponentProps<"input">, "className" | "id">) {
  return (
    <Labelled label={label} {...(hint === undefined ? {} : { hint })} error={error}>
      {({ id, describedBy }) => (
        <input type="text" {...rest} id={id} className="fr-input" aria-describedby={describedBy} aria-invalid={error === undefined ? undefined : true} />
      )}
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea({ label, hint, error, ...rest }: FieldProps & Omit<ComponentProps<"textarea">, "className" | "id">) {
  return (
    <Labelled label={label} {...(hint === undefined ? {} : { hint })} error={error}>
      {({ id, describedBy }) => (
        <textarea rows={4} {...rest} id={id} className="fr-input" aria-describedby={describedBy} aria-invalid={error === undefined ? undefined : true} />
      )}
    </Labelled>
  );
}

interface SelectProps extends Omit<ComponentProps<"select">, "className" | "id" | "onChange" | "children"> {
  label: string;
  hint?: string;
  /** The name is said, not shown: the row it stands in shows it. */
  hidden?: boolean;
  choices: readonly { value: string; label: string; lang?: string }[];
  onChange: (value: string) => void;
}

/** One choice among several, the platform's own list. */
export function Select({ label, hint, hidden = false, choices, onChange, ...rest }: SelectProps) {
  const id = useId();
  return (
    <div className="fr-select-group">
      <label className={hidden ? "bs-sr" : "fr-label"} htmlFor={id}>
        {label}
        {hint === undefined ? null : <span className="fr-hint-text">{hint}</span>}
      </label>
      <select {...rest} id={id} className="fr-select" onChange={(event) => onChange(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} lang={choice.lang}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
