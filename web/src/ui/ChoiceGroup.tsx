import { useId } from "react";

import { Icon } from "./Icon.tsx";
import type { IconName } from "./icons/names.ts";

interface ChoiceGroupProps<Value extends string> {
  legend: string;
  hint?: string;
  value: Value;
  choices: readonly { value: Value; label: string; icon: IconName; lang?: string }[];
  onChange: (value: Value) => void;
}

/** One choice among few: the kit's radio buttons, each with its drawing. */
export function ChoiceGroup<Value extends string>({ legend, hint, value, choices, onChange }: ChoiceGroupProps<Value>) {
  const id = useId();
  return (
    <fieldset className="fr-fieldset bs-choices" aria-labelledby={`${id}-legend`}>
      <legend className="fr-fieldset__legend fr-fieldset__legend--regular" id={`${id}-legend`}>
        {legend}
        {hint === undefined ? null : <span className="fr-hint-text">{hint}</span>}
      </legend>
      {choices.map((choice) => (
        <div className="bs-choice" key={choice.value}>
          <input
            type="radio"
            id={`${id}-${choice.value}`}
            name={id}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <label htmlFor={`${id}-${choice.value}`} lang={choice.lang}>
            <Icon name={choice.icon} />
            {choice.label}
          </label>
        </div>
      ))}
    </fieldset>
  );
}
