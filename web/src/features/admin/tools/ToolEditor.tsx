import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { tell } from "../../../lib/notes.ts";
import { Switch } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import type { Category, Tool } from "../api/shapes.ts";
import { allAsked, withAgreed } from "../audience/agreed.ts";
import { AudienceBuilder } from "../audience/AudienceBuilder.tsx";
import { AudienceSummary } from "../audience/AudienceSummary.tsx";
import { useDescription } from "../audience/describe.ts";
import { texts as audienceTexts } from "../audience/texts.ts";
import { BASE } from "../common/AdminPage.tsx";
import { ConflictDialog } from "../common/ConflictDialog.tsx";
import { DraftNote } from "../common/DraftNote.tsx";
import { useDraft } from "../common/drafts.ts";
import { focusFirstFault } from "../common/focus.ts";
import { clock } from "../common/format.ts";
import { useVersionedSave, type Writing } from "../common/useVersionedSave.ts";
import { texts as common } from "../texts.ts";
import { ApprovalsCard } from "./ApprovalsCard.tsx";
import { useToolActs } from "./api.ts";
import { ConnectionSection } from "./ConnectionSection.tsx";
import { useToolFields } from "./fields.ts";
import { faultsOf, type ToolForm } from "./form.ts";
import { NoticeSection } from "./NoticeSection.tsx";
import { PreviewCard } from "./PreviewCard.tsx";
import { texts } from "./texts.ts";
import { TileFields } from "./TileFields.tsx";
import { ToolActions } from "./ToolActions.tsx";

interface ToolEditorProps {
  /** None: a new one. */
  tool: Tool | undefined;
  tag: string | undefined;
  saved: ToolForm;
  organisation: string;
  categories: readonly Category[];
  storageKey: string;
}

/** Writes a tool, says what its audience means, publishes it. */
export function ToolEditor({ tool, tag, saved, organisation, categories, storageKey }: ToolEditorProps) {
  const t = useTexts(texts);
  const a = useTexts(audienceTexts);
  const c = useTexts(common);
  const locale = useLocale();
  const go = useNavigate();
  const draft = useDraft(storageKey, saved, tag);
  const acts = useToolActs(organisation);
  const meaning = useDescription(draft.form.audience, organisation);
  // What the others answered is about the audience that was sent to them, not about the one being written.
  const same = JSON.stringify(draft.form.audience) === JSON.stringify(saved.audience);
  const approvals = (same ? tool?.approvals : undefined) ?? [];
  const description = meaning.description && withAgreed(meaning.description, approvals);
  const confirmed = useRef(false);
  const [asked, setAsked] = useState(false);
  const [savedAt, setSavedAt] = useState<number>();
  const saving = useVersionedSave<ToolForm, Tool>({
    put: (form, from) => (tool === undefined ? acts.create(form) : acts.put(tool.id, form, from, confirmed.current)),
    reload: () => acts.reload(tool?.id ?? ""),
  });
  const fields = useToolFields(categories, [draft.form.owner, saving.conflict?.theirs.owner ?? ""]);
  const publishing = useAct(async ({ id, everybody }: { id: string; everybody: boolean }) => {
    await acts.publish(id, everybody);
  });
  const withdrawing = useAct(async (id: string) => {
    await acts.withdraw(id);
    tell(t.withdrew, () => publishing.mutate({ id, everybody: true }));
  });
  const removing = useAct(async (id: string) => {
    await acts.remove(id);
    draft.clear();
    await go(`${BASE}/outils`);
  });

  const faults = faultsOf(draft.form);
  /** Sends what is written; gives the tool once the server holds it. */
  const save = async (writing: Writing<ToolForm>): Promise<Tool | undefined> => {
    setAsked(true);
    if (Object.keys(faultsOf(writing.form)).length > 0) {
      focusFirstFault();
      return undefined;
    }
    const kept = await saving.save(writing);
    if (kept === undefined) return undefined;
    draft.clear();
    setSavedAt(Date.now());
    return kept;
  };
  const open = (id: string) => {
    if (tool === undefined) void go(`${BASE}/outils/${id}`, { replace: true });
  };
  const saveOnly = async (everybody: boolean) => {
    confirmed.current = everybody;
    const kept = await save(draft);
    if (kept !== undefined) open(kept.id);
  };
  const publish = async (everybody: boolean) => {
    const kept = tool !== undefined && !draft.dirty ? tool : await save(draft);
    if (kept === undefined) return;
    await publishing.mutateAsync({ id: kept.id, everybody }).catch(() => undefined);
    open(kept.id);
  };
  const resolve = (form: ToolForm) => {
    const { conflict } = saving;
    if (conflict === undefined) return;
    saving.endConflict();
    draft.rebase(form, { form: conflict.theirs, tag: conflict.tag });
    void save({ form, base: conflict.theirs, tag: conflict.tag });
  };

  return (
    <>
      <DraftNote at={draft.recoveredAt} onDiscard={draft.clear} />
      <form className="bs-editor" noValidate onSubmit={(event) => event.preventDefault()}>
        <div>
          <TileFields
            form={draft.form}
            faults={asked ? faults : {}}
            categories={categories}
            onChange={draft.change}
            check={acts.check}
          />
          <fieldset className="bs-fieldset">
            <legend>
              {a.public} <small>{a.publicHint}</small>
            </legend>
            <AudienceBuilder
              audience={draft.form.audience}
              description={description}
              onChange={(audience) => draft.change({ audience })}
            />
            <Switch label={t.guests} hint={t.guestsHint} checked={draft.form.guests} onChange={(guests) => draft.change({ guests })} />
          </fieldset>
          {tool?.origin === "configured" ? null : <ConnectionSection tool={tool} acts={acts.application} />}
          {tool?.state === "published" && tool.origin !== "configured" ? <NoticeSection tool={tool} show={acts.notice} end={acts.endNotice} /> : null}
        </div>
        <aside className="bs-sum" aria-label={a.who}>
          <PreviewCard form={draft.form} category={categories.find(({ id }) => id === draft.form.category)} />
          <AudienceSummary
            title={a.who}
            audience={draft.form.audience}
            {...meaning}
            description={description}
            asked={description !== undefined && allAsked(description, approvals)}
          />
          <ApprovalsCard approvals={tool?.approvals ?? []} />
          <ToolActions
            readOnly={tool?.origin === "configured"}
            state={tool?.state}
            dirty={draft.dirty}
            description={meaning.fresh ? description : undefined}
            faulty={asked && Object.keys(faults).length > 0}
            busy={saving.busy || publishing.isPending}
            error={saving.error ?? publishing.error ?? withdrawing.error ?? removing.error}
            savedText={savedAt === undefined ? "" : c.saved(clock(savedAt, locale))}
            onSave={(everybody) => void saveOnly(everybody)}
            onPublish={(everybody) => void publish(everybody)}
            onWithdraw={() => (tool === undefined ? undefined : withdrawing.mutate(tool.id))}
            onRemove={() => (tool === undefined ? undefined : removing.mutate(tool.id))}
          />
        </aside>
      </form>
      {saving.conflict === undefined ? null : (
        <ConflictDialog {...saving.conflict} fields={fields} opener={saving.opener} onResolve={resolve} onClose={saving.endConflict} />
      )}
    </>
  );
}
