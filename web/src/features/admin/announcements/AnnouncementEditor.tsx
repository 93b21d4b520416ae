import { useState } from "react";
import { useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { UndoNotice } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import type { Announcement } from "../api/pending.ts";
import { AudienceBuilder } from "../audience/AudienceBuilder.tsx";
import { AudienceSummary } from "../audience/AudienceSummary.tsx";
import { useDescription } from "../audience/describe.ts";
import { texts as audienceTexts } from "../audience/texts.ts";
import { BASE } from "../common/AdminPage.tsx";
import { ConflictDialog } from "../common/ConflictDialog.tsx";
import { DraftNote } from "../common/DraftNote.tsx";
import { useDraft } from "../common/drafts.ts";
import { clock, number } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { useVersionedSave } from "../common/useVersionedSave.ts";
import { texts as common } from "../texts.ts";
import { AnnouncementFields } from "./AnnouncementFields.tsx";
import { useAnnouncementActs } from "./api.ts";
import { useAnnouncementFields } from "./fields.ts";
import { type AnnouncementForm, faultsOf } from "./form.ts";
import { texts } from "./texts.ts";

interface AnnouncementEditorProps {
  /** None: a new one. */
  announcement: Announcement | undefined;
  tag: string | undefined;
  saved: AnnouncementForm;
  organisation: string;
  storageKey: string;
}

/** Writes an announcement, says whom it will reach, publishes it. */
export function AnnouncementEditor({ announcement, tag, saved, organisation, storageKey }: AnnouncementEditorProps) {
  const t = useTexts(texts);
  const a = useTexts(audienceTexts);
  const c = useTexts(common);
  const locale = useLocale();
  const go = useNavigate();
  const draft = useDraft(storageKey, saved, tag);
  const acts = useAnnouncementActs(organisation);
  const meaning = useDescription(draft.form.audience, organisation);
  const fields = useAnnouncementFields();
  const [asked, setAsked] = useState(false);
  const [savedAt, setSavedAt] = useState<number>();
  const [withdrawn, setWithdrawn] = useState(false);
  const saving = useVersionedSave<AnnouncementForm, Announcement>({
    put: (form, from) => (announcement === undefined ? acts.create(form) : acts.put(announcement.id, form, from)),
    reload: () => acts.reload(announcement?.id ?? ""),
  });
  const publishing = useAct((id: string) => acts.publish(id));
  const withdrawing = useAct(async (id: string) => {
    await acts.withdraw(id);
    setWithdrawn(true);
  });

  const faults = faultsOf(draft.form);
  const faulty = Object.keys(faults).length > 0;
  const save = async (form: AnnouncementForm, from: string | undefined) => {
    setAsked(true);
    if (Object.keys(faultsOf(form)).length > 0) return undefined;
    const kept = await saving.save(form, from);
    if (kept === undefined) return undefined;
    draft.clear();
    setSavedAt(Date.now());
    return kept;
  };
  const open = (id: string) => {
    if (announcement === undefined) void go(`${BASE}/annonces/${id}`, { replace: true });
  };
  const saveOnly = async () => {
    const kept = await save(draft.form, draft.tag);
    if (kept !== undefined) open(kept.id);
  };
  const publish = async () => {
    const kept = announcement !== undefined && !draft.dirty ? announcement : await save(draft.form, draft.tag);
    if (kept === undefined) return;
    await publishing.mutateAsync(kept.id).catch(() => undefined);
    open(kept.id);
  };
  const resolve = (form: AnnouncementForm) => {
    const from = saving.conflict?.tag;
    saving.endConflict();
    draft.rebase(form, from);
    void save(form, from);
  };
  const undoWithdrawal = () => {
    setWithdrawn(false);
    if (announcement !== undefined) publishing.mutate(announcement.id);
  };
  const published = announcement?.state === "published";
  const count = meaning.fresh ? meaning.description?.count : undefined;
  const words = () => {
    if (count === undefined) return published ? t.update : t.publish;
    if (published) return t.updateFor(number(count, locale));
    return count === 1 ? t.publishForOne : t.publishFor(number(count, locale));
  };
  const busy = saving.busy || publishing.isPending;

  return (
    <>
      {withdrawn ? <UndoNotice text={t.withdrew} undoLabel={c.undo} onUndo={undoWithdrawal} onGone={() => setWithdrawn(false)} /> : null}
      <DraftNote at={draft.recoveredAt} onDiscard={draft.clear} />
      <form className="bs-form" noValidate onSubmit={(event) => event.preventDefault()}>
        <div>
          <AnnouncementFields form={draft.form} faults={asked ? faults : {}} onChange={draft.change} />
          <fieldset className="bs-fieldset">
            <legend>
              {t.audience} <small>{t.audienceHint}</small>
            </legend>
            <AudienceBuilder
              audience={draft.form.audience}
              description={undefined}
              onChange={(audience) => draft.change({ audience })}
            />
          </fieldset>
        </div>
        <aside className="bs-sum" aria-label={a.whoReads}>
          <AudienceSummary title={a.whoReads} audience={draft.form.audience} {...meaning} />
          <div className="bs-stack bs-stack--tight">
            <ActFailed error={saving.error ?? publishing.error ?? withdrawing.error} />
            <p className="bs-under bs-under--error" role="status">
              {asked && faulty ? t.toMend : null}
            </p>
            <Button
              kind="primary"
              disabled={busy || (published && !draft.dirty)}
              onClick={() => void (published ? saveOnly() : publish())}
            >
              {words()}
            </Button>
            {published ? (
              <Button kind="tertiary" disabled={busy} onClick={() => withdrawing.mutate(announcement.id)}>
                {t.withdraw}
              </Button>
            ) : (
              <Button kind="tertiary" disabled={busy || (announcement !== undefined && !draft.dirty)} onClick={() => void saveOnly()}>
                {t.keepDraft}
              </Button>
            )}
            <p className="bs-under" role="status">
              {savedAt === undefined ? null : c.saved(clock(savedAt, locale))}
            </p>
          </div>
        </aside>
      </form>
      {saving.conflict === undefined ? null : (
        <ConflictDialog {...saving.conflict} fields={fields} opener={saving.opener} onResolve={resolve} onClose={saving.endConflict} />
      )}
    </>
  );
}
