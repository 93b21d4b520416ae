import { useState } from "react";

interface HourProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** An hour, `HH:MM`. Given on leaving the field or by Enter: half of an hour typed is none. */
export function Hour({ label, value, onChange }: HourProps) {
  const [typed, setTyped] = useState<string>();
  const give = () => {
    setTyped(undefined);
    if (typed !== undefined && /^\d\d:\d\d$/.test(typed) && typed !== value) onChange(typed);
  };
  return (
    <input
      className="fr-input bs-hour"
      type="time"
      aria-label={label}
      value={typed ?? value}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={give}
      onKeyDown={(event) => {
        if (event.key === "Enter") give();
      }}
    />
  );
}
