import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, ConfirmDialog, Notice } from "../../../ui/forms.ts";
import { useAct } from "../api/hooks.ts";
import { isBroker, type Provider } from "../api/providerShapes.ts";
import { BASE } from "../common/AdminPage.tsx";
import { ConflictDialog } from "../common/ConflictDialog.tsx";
import { DraftNote } from "../common/DraftNote.tsx";
import { useDraft } from "../common/drafts.ts";
import { focusFirstFault } from "../common/focus.ts";
import { clock, number } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { useVersionedSave, type Writing } from "../common/useVersionedSave.ts";
import { texts as common } from "../texts.ts";
import { useProviderActs } from "./api.ts";
import { useProviderFields } from "./fields.ts";
import { faultsOf, type ProviderForm } from "./form.ts";
import { ProviderFields } from "./ProviderFields.tsx";
import { texts } from "./texts.ts";
import { TrialCard } from "./TrialCard.tsx";

interface ProviderEditorProps {
  /** None: a new one. */
  provider: Provider | undefined;
  tag: string | undefined;
  saved: ProviderForm;
  organisation: string;
  storageKey: string;
}

/** Writes a provider, tries it, opens it. */
export function ProviderEditor({ provider, tag, saved, organisation, storageKey }: ProviderEditorProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const go = useNavigate();
  const draft = useDraft(storageKey, saved, tag);
  const acts = useProviderActs(organisation);
  const fields = useProviderFields();
  const [secret, setSecret] = useState("");
  const [asked, setAsked] = useState(false);
  const [savedAt, setSavedAt] = useState<number>();
  const [closing, setClosing] = useState(false);
  const closeButton = useRef<HTMLButtonElement>(null);
  const saving = useVersionedSave<ProviderForm, Provider>({
    put: (form, from) => (provider === undefined ? acts.create(form, secret) : acts.put(provider, form, secret, from)),
    reload: () => acts.reload(provider?.id ?? ""),
  });
  const enabling = useAct((id: string) => acts.enable(id));
  const disabling = useAct((id: string) => acts.disable(id));

  const faults = faultsOf(draft.form, secret, provider !== undefined);
  const changed = draft.dirty || secret !== "";
  const save = async (writing: Writing<ProviderForm>) => {
    setAsked(true);
    if (Object.keys(faultsOf(writing.form, secret, provider !== undefined)).length > 0) {
      focusFirstFault();
      return undefined;
    }
    const kept = await saving.save(writing);
    if (kept === undefined) return undefined;
    draft.clear();
    setSecret("");
    setSavedAt(Date.now());
    return kept;
  };
  const open = (id: string) => {
    if (provider === undefined) void go(`${BASE}/fournisseurs/${id}`, { replace: true });
  };
  const saveOnly = async () => {
    const kept = await save(draft);
    if (kept !== undefined) open(kept.id);
  };
  const enable = async () => {
    const kept = provider !== undefined && !changed ? provider : await save(draft);
    if (kept === undefined) return;
    await enabling.mutateAsync(kept.id).catch(() => undefined);
    open(kept.id);
  };
  const resolve = (form: ProviderForm) => {
    const { conflict } = saving;
    if (conflict === undefined) return;
    saving.endConflict();
    draft.rebase(form, { form: conflict.theirs, tag: conflict.tag });
    void save({ form, base: conflict.theirs, tag: conflict.tag });
  };
  const disable = () => {
    setClosing(false);
    if (provider !== undefined) disabling.mutate(provider.id);
  };
  const readOnly = provider?.readOnly === true;
  const busy = saving.busy || enabling.isPending || disabling.isPending;

  return (
    <>
      <DraftNote at={draft.recoveredAt} onDiscard={draft.clear} />
      {readOnly ? (
        <Notice tone="info">
          <p>{t.readOnly}</p>
        </Notice>
      ) : null}
      <form className="bs-editor" noValidate onSubmit={(event) => event.preventDefault()}>
        <ProviderFields
          provider={provider}
          form={draft.form}
          secret={secret}
          faults={asked ? faults : {}}
          disabled={readOnly}
          onChange={draft.change}
          onSecret={setSecret}
          check={acts.check}
        />
        <aside className="bs-sum" aria-labelledby="try">
          <TrialCard
            provider={provider}
            unsaved={changed}
            start={acts.start}
            onTakeSiret={readOnly ? undefined : (defaultSiret) => draft.change({ defaultSiret })}
          />
          {readOnly ? null : (
            <div className="bs-stack bs-stack--tight">
              <ActFailed error={saving.error ?? enabling.error ?? disabling.error} />
              <p className="bs-under bs-under--error" role="status">
                {asked && Object.keys(faults).length > 0 ? t.toMend : null}
              </p>
              {provider?.enabled ? (
                <>
                  <ActButton kind="primary" off={busy || !changed} onClick={() => void saveOnly()}>
                    {t.saveOpen}
                  </ActButton>
                  <ActButton ref={closeButton} kind="tertiary" off={busy} onClick={() => setClosing(true)}>
                    {t.disable}
                  </ActButton>
                </>
              ) : (
                <>
                  <ActButton kind="primary" off={busy} onClick={() => void enable()}>
                    <EnableWords form={draft.form} />
                  </ActButton>
                  <ActButton kind="tertiary" off={busy || (provider !== undefined && !changed)} onClick={() => void saveOnly()}>
                    {t.save}
                  </ActButton>
                </>
              )}
              {provider?.agents ? (
                <p className="bs-under">
                  {plural(locale, provider.agents, t.agentThrough, t.agentsThrough(number(provider.agents, locale)))}
                </p>
              ) : null}
              <p className="bs-under" role="status">
                {savedAt === undefined ? null : c.saved(clock(savedAt, locale))}
              </p>
            </div>
          )}
        </aside>
      </form>
      <ConfirmDialog
        open={closing}
        title={t.disableTitle}
        confirmLabel={t.disable}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={closeButton}
        onConfirm={disable}
        onClose={() => setClosing(false)}
      >
        <p>{t.disableText}</p>
      </ConfirmDialog>
      {saving.conflict === undefined ? null : (
        <ConflictDialog {...saving.conflict} fields={fields} opener={saving.opener} onResolve={resolve} onClose={saving.endConflict} />
      )}
    </>
  );
}

/** For whom it opens: one domain, two, or the first and how many more; a broker for whom no other holds. */
function EnableWords({ form: { preset, domains } }: { form: ProviderForm }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const [first, second] = domains;
  if (isBroker(preset)) return t.enableBroker;
  if (first === undefined) return t.enable;
  if (second === undefined) return t.enableFor(first);
  return domains.length === 2 ? t.enableForTwo(first, second) : t.enableForMany(first, number(domains.length - 1, locale));
}
