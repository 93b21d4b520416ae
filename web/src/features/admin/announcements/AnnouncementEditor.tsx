import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, ConfirmDialog, Notice } from "../../../ui/forms.ts";
import { useAct } from "../api/hooks.ts";
import type { Announcement } from "../api/shapes.ts";
import { AudienceBuilder } from "../audience/AudienceBuilder.tsx";
import { AudienceSummary } from "../audience/AudienceSummary.tsx";
import { useDescription } from "../audience/describe.ts";
import { texts as audienceTexts } from "../audience/texts.ts";
import { BASE } from "../common/AdminPage.tsx";
import { ConflictDialog } from "../common/ConflictDialog.tsx";
import { DraftNote } from "../common/DraftNote.tsx";
import { useDraft } from "../common/drafts.ts";
import { focusFirstFault } from "../common/focus.ts";
import { clock, number } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { useVersionedSave, type Writing } from "../common/useVersionedSave.ts";
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
  const [withdrawing, setWithdrawing] = useState(false);
  const withdrawButton = useRef<HTMLButtonElement>(null);
  const saving = useVersionedSave<AnnouncementForm, Announcement>({
    put: (form, from) => (announcement === undefined ? acts.create(form) : acts.put(announcement.id, form, from)),
    reload: () => acts.reload(announcement?.id ?? ""),
  });
  const publishing = useAct((id: string) => acts.publish(id));
  const withdrawal = useAct((id: string) => acts.withdraw(id));

  const faults = faultsOf(draft.form);
  const faulty = Object.keys(faults).length > 0;
  const save = async (writing: Writing<AnnouncementForm>) => {
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
    if (announcement === undefined) void go(`${BASE}/annonces/${id}`, { replace: true });
  };
  const saveOnly = async () => {
    const kept = await save(draft);
    if (kept !== undefined) open(kept.id);
  };
  const publish = async () => {
    const kept = announcement !== undefined && !draft.dirty ? announcement : await save(draft);
    if (kept === undefined) return;
    await publishing.mutateAsync(kept.id).catch(() => undefined);
    open(kept.id);
  };
  const resolve = (form: AnnouncementForm) => {
    const { conflict } = saving;
    if (conflict === undefined) return;
    saving.endConflict();
    draft.rebase(form, { form: conflict.theirs, tag: conflict.tag });
    void save({ form, base: conflict.theirs, tag: conflict.tag });
  };
  const withdraw = () => {
    setWithdrawing(false);
    if (announcement !== undefined) withdrawal.mutate(announcement.id);
  };
  const published = announcement?.state === "published";
  const ended = announcement?.state === "withdrawn";
  const count = meaning.fresh ? meaning.description?.count : undefined;
  const words = () => {
    if (count === undefined) return published ? t.update : t.publish;
    if (published) return t.updateFor(number(count, locale));
    if (count === 0) return t.publishNobody;
    return count === 1 ? t.publishForOne : t.publishFor(number(count, locale));
  };
  const busy = saving.busy || publishing.isPending;

  return (
    <>
      {ended ? (
        <Notice tone="info">
          <p>{t.ended}</p>
        </Notice>
      ) : null}
      <DraftNote at={draft.recoveredAt} onDiscard={draft.clear} />
      <form className="bs-editor" noValidate onSubmit={(event) => event.preventDefault()}>
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
          <AudienceSummary title={a.whoReads} agreement={false} audience={draft.form.audience} {...meaning} />
          <div className="bs-stack bs-stack--tight">
            <ActFailed error={saving.error ?? publishing.error ?? withdrawal.error} />
            <p className="bs-under bs-under--error" role="status">
              {asked && faulty ? t.toMend : null}
            </p>
            <ActButton
              kind="primary"
              off={busy || ended || (published && !draft.dirty)}
              onClick={() => void (published ? saveOnly() : publish())}
            >
              {words()}
            </ActButton>
            {published ? (
              <ActButton ref={withdrawButton} kind="tertiary" off={busy} onClick={() => setWithdrawing(true)}>
                {t.withdraw}
              </ActButton>
            ) : (
              <ActButton kind="tertiary" off={busy || ended || (announcement !== undefined && !draft.dirty)} onClick={() => void saveOnly()}>
                {t.keepDraft}
              </ActButton>
            )}
            <p className="bs-under" role="status">
              {savedAt === undefined ? null : c.saved(clock(savedAt, locale))}
            </p>
          </div>
        </aside>
      </form>
      <ConfirmDialog
        open={withdrawing}
        title={t.withdraw}
        confirmLabel={count === undefined ? t.withdraw : t.withdrawFor(number(count, locale))}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={withdrawButton}
        onConfirm={withdraw}
        onClose={() => setWithdrawing(false)}
      >
        <p>{t.withdrawText}</p>
      </ConfirmDialog>
      {saving.conflict === undefined ? null : (
        <ConflictDialog {...saving.conflict} fields={fields} opener={saving.opener} onResolve={resolve} onClose={saving.endConflict} />
      )}
    </>
  );
}
