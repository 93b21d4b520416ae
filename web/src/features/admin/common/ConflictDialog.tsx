import { type RefObject, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Button, Dialog } from "../../../ui/index.ts";
import { PresetGroup } from "../../../ui/forms.ts";
import { texts } from "../texts.ts";
import { differences, type FieldOf, firstSide, merged, type Side } from "./conflict.ts";
import { useReturnFocus } from "./focus.ts";

interface ConflictDialogProps<Form> {
  mine: Form;
  theirs: Form;
  /** What both started from. */
  base: Form;
  fields: readonly FieldOf<Form>[];
  opener: RefObject<HTMLElement | null>;
  /** The version to send again. */
  onResolve: (form: Form) => void;
  onClose: () => void;
}

/** Somebody saved meanwhile: both versions, field by field, and the choice of each. */
export function ConflictDialog<Form>({ mine, theirs, base, fields, opener, onResolve, onClose }: ConflictDialogProps<Form>) {
  const t = useTexts(texts);
  useReturnFocus(opener);
  const different = differences(mine, theirs, fields);
  const [sides, setSides] = useState<Record<string, Side>>(() =>
    Object.fromEntries(different.map((field) => [field.label, firstSide(mine, base, field)])),
  );
  return (
    <Dialog open title={t.conflictTitle} closeLabel={t.close} opener={opener} onClose={onClose}>
      <div className="bs-compare">
        <p>{different.length === 0 ? t.conflictSame : t.conflictText}</p>
        {different.map((field) => (
          <section key={field.label} aria-label={field.label}>
            <h3>{field.label}</h3>
            <PresetGroup<Side>
              quiet
              label={field.label}
              value={sides[field.label] ?? "mine"}
              choices={[
                { value: "mine", label: t.mine, detail: field.show(mine) || t.emptyValue },
                { value: "theirs", label: t.theirs, detail: field.show(theirs) || t.emptyValue },
              ]}
              onChange={(side) => setSides({ ...sides, [field.label]: side })}
            />
          </section>
        ))}
        <div className="bs-actions bs-actions--end">
          <Button kind="tertiary" onClick={onClose}>
            {t.keepEditing}
          </Button>
          <Button kind="primary" onClick={() => onResolve(merged(mine, theirs, different, sides))}>
            {t.saveChosen}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
