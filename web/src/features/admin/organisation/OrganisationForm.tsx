import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ActButton, SelectField, TextField } from "../../../ui/forms.ts";
import { Switch } from "../../../ui/index.ts";
import { read } from "../api/call.ts";
import { useSend } from "../api/hooks.ts";
import type { OrganisationSheet } from "../api/shapes.ts";
import { ConflictDialog } from "../common/ConflictDialog.tsx";
import type { FieldOf } from "../common/conflict.ts";
import { DraftNote } from "../common/DraftNote.tsx";
import { draftKey, useDraft } from "../common/drafts.ts";
import { idOf } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { ActFailed } from "../common/States.tsx";
import { useVersionedSave, type Writing } from "../common/useVersionedSave.ts";
import { texts as common } from "../texts.ts";
import { texts } from "./texts.ts";

interface SheetForm {
  label: string;
  parent: string;
  guestsSecondFactor: boolean;
}

function formOf({ label, parent, guestsSecondFactor }: OrganisationSheet): SheetForm {
  return { label, parent: parent ? idOf(parent) : "", guestsSecondFactor };
}

/** The name of an administration, what it asks of its guests and, for the operator, what it is attached to. */
export function OrganisationForm({ sheet, tag }: { sheet: OrganisationSheet; tag: string | undefined }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const { agent, operator, organisations } = useScope();
  const send = useSend("organisation", "organisations");
  const path = `/api/v1/admin/organisation/${sheet.id}`;
  const draft = useDraft(draftKey(agent.id, "organisation", sheet.id), formOf(sheet), tag);
  const [asked, setAsked] = useState(false);
  const saving = useVersionedSave<SheetForm, OrganisationSheet>({
    put: ({ label, parent, guestsSecondFactor }, ifMatch) => {
      const own = { label: label.trim(), guestsSecondFactor };
      const body = operator ? { ...own, parent: parent || null } : own;
      return send<OrganisationSheet>({ method: "PUT", path, body, ifMatch });
    },
    reload: async () => {
      const answer = await read<OrganisationSheet>(path);
      return { form: formOf(answer.data), tag: answer.tag };
    },
  });
  const [saved, setSaved] = useState(false);
  const save = async (writing: Writing<SheetForm>) => {
    setAsked(true);
    setSaved(false);
    if (writing.form.label.trim() === "") return;
    if ((await saving.save(writing)) === undefined) return;
    draft.clear();
    setSaved(true);
  };
  const parentName = (id: string) => organisations.get(id)?.label ?? t.noParent;
  const fields: FieldOf<SheetForm>[] = [
    { keys: ["label"], label: t.label, show: ({ label }) => label },
    { keys: ["parent"], label: t.parent, show: ({ parent }) => parentName(parent) },
    { keys: ["guestsSecondFactor"], label: t.guests, show: ({ guestsSecondFactor }) => (guestsSecondFactor ? t.asked : t.notAsked) },
  ];
  const resolve = (form: SheetForm) => {
    const { conflict } = saving;
    if (conflict === undefined) return;
    saving.endConflict();
    draft.rebase(form, { form: conflict.theirs, tag: conflict.tag });
    void save({ form, base: conflict.theirs, tag: conflict.tag });
  };
  const others = [...organisations.values()].filter(({ id }) => id !== sheet.id);
  return (
    <form className="bs-stack" noValidate onSubmit={(event) => event.preventDefault()}>
      <DraftNote at={draft.recoveredAt} onDiscard={draft.clear} />
      <TextField
        label={t.label}
        hint={t.labelHint}
        value={draft.form.label}
        error={asked && draft.form.label.trim() === "" ? c.required : undefined}
        required
        onChange={(label) => draft.change({ label })}
      />
      <dl className="bs-kv">
        <dt>{t.siret}</dt>
        <dd className="bs-num">{sheet.siret}</dd>
        {sheet.legalCategory ? (
          <>
            <dt>{t.category}</dt>
            <dd>{sheet.legalCategory}</dd>
          </>
        ) : null}
        {operator ? null : (
          <>
            <dt>{t.parent}</dt>
            <dd>{parentName(draft.form.parent)}</dd>
          </>
        )}
      </dl>
      {operator ? (
        <SelectField
          label={t.parent}
          hint={t.parentHint}
          value={draft.form.parent}
          options={[{ value: "", label: t.noParent }, ...others.map(({ id, label }) => ({ value: id, label }))]}
          onChange={(parent) => draft.change({ parent })}
        />
      ) : null}
      <Switch
        label={t.guests}
        hint={t.guestsHint}
        checked={draft.form.guestsSecondFactor}
        onChange={(guestsSecondFactor) => draft.change({ guestsSecondFactor })}
      />
      <ActFailed error={saving.error} />
      <div className="bs-actions bs-actions--start">
        <ActButton kind="primary" small off={saving.busy || !draft.dirty} onClick={() => void save(draft)}>
          {t.save}
        </ActButton>
        <span className="bs-soft" role="status">
          {saved ? t.saved : null}
        </span>
      </div>
      {saving.conflict === undefined ? null : (
        <ConflictDialog {...saving.conflict} fields={fields} opener={saving.opener} onResolve={resolve} onClose={saving.endConflict} />
      )}
    </form>
  );
}
