import type { ComponentProps, ReactNode } from "react";

import { type Described, useFieldIds } from "./described.ts";
import { Under } from "./Under.tsx";

interface Common extends Described {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  /** For addresses and identifiers: fixed width, no capitals, no spelling. */
  mono?: boolean;
}

const EXACT = { autoCapitalize: "none", spellCheck: false, autoComplete: "off" } as const;
const classOf = (mono: boolean) => (mono ? "fr-input bs-mono-input" : "fr-input");
const groupOf = (error: string | undefined) =>
  error === undefined ? "fr-input-group" : "fr-input-group fr-input-group--error";

type NativeInput = Omit<ComponentProps<"input">, "onChange" | "value" | "className" | "id">;

/** One line of text, with its label above and its hint beneath. */
export function TextField({ label, value, onChange, hint, error, mono = false, ...rest }: Common & NativeInput) {
  const { id, under, describedBy } = useFieldIds({ hint, error });
  return (
    <div className={groupOf(error)}>
      <label className="fr-label" htmlFor={id}>
        {label}
      </label>
      <input
        autoComplete="off"
        {...(mono ? EXACT : {})}
        {...rest}
        id={id}
        className={classOf(mono)}
        value={value}
        aria-describedby={describedBy}
        aria-invalid={error === undefined ? undefined : true}
        onChange={(event) => onChange(event.target.value)}
      />
      <Under id={under} hint={hint} error={error} />
    </div>
  );
}

type NativeArea = Omit<ComponentProps<"textarea">, "onChange" | "value" | "className" | "id">;

/** Several lines of text. */
export function TextArea({ label, value, onChange, hint, error, mono = false, ...rest }: Common & NativeArea) {
  const { id, under, describedBy } = useFieldIds({ hint, error });
  return (
    <div className={groupOf(error)}>
      <label className="fr-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        rows={3}
        {...(mono ? EXACT : {})}
        {...rest}
        id={id}
        className={classOf(mono)}
        value={value}
        aria-describedby={describedBy}
        aria-invalid={error === undefined ? undefined : true}
        onChange={(event) => onChange(event.target.value)}
      />
      <Under id={under} hint={hint} error={error} />
    </div>
  );
}
