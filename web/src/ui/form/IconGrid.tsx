import { useId } from "react";

import { Icon } from "../Icon.tsx";
import type { IconName } from "../icons/names.ts";

interface IconGridProps {
  legend: string;
  value: string;
  choices: readonly { icon: IconName; name: string }[];
  onChange: (icon: IconName) => void;
}

/** A drawing among few: radio buttons with names, moved by the arrows. */
export function IconGrid({ legend, value, choices, onChange }: IconGridProps) {
  const group = useId();
  return (
    <fieldset className="bs-fieldset bs-fieldset--in">
      <legend className="bs-legend-sm">{legend}</legend>
      <div className="bs-icons">
        {choices.map(({ icon, name }) => (
          <label key={icon} title={name}>
            <input
              type="radio"
              name={group}
              aria-label={name}
              checked={icon === value}
              onChange={() => onChange(icon)}
            />
            <Icon name={icon} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
