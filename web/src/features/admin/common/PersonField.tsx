import { type ReactNode, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Combobox, type Option } from "../../../ui/forms.ts";
import { optionOf, usePeople } from "../api/people.ts";
import { texts } from "../texts.ts";

interface PersonFieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  value: Option | undefined;
  onChange: (value: Option | undefined) => void;
}

/** Finds one person by name, address or service. */
export function PersonField({ label, hint, error, value, onChange }: PersonFieldProps) {
  const t = useTexts(texts);
  const [text, setText] = useState("");
  const { people, searching, failed, short } = usePeople(text);
  const message = () => {
    if (short) return t.typeTwo;
    if (failed) return t.peopleFailed;
    if (searching) return t.searching;
    return people.length === 0 ? t.nobodyFound : undefined;
  };
  return (
    <Combobox
      label={label}
      hint={hint}
      error={error}
      value={value}
      onChange={onChange}
      options={searching || failed ? [] : people.map(optionOf)}
      onQuery={setText}
      message={message()}
      placeholder={t.personPlaceholder}
      listLabel={t.peopleFound}
    />
  );
}
