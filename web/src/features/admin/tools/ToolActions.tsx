import { useRef, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, ConfirmDialog, Notice } from "../../../ui/forms.ts";
import type { Description, ToolState } from "../api/shapes.ts";
import { number } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { texts } from "./texts.ts";

interface ToolActionsProps {
  /** None: not kept yet. */
  state: ToolState | undefined;
  dirty: boolean;
  /** Written in the configuration: nothing can be done here. */
  readOnly: boolean;
  /** Of the audience as it is written now; none while it is not known. */
  description: Description | undefined;
  faulty: boolean;
  busy: boolean;
  error: Error | null;
  savedText: string;
  onSave: (everybody: boolean) => void;
  onPublish: (everybody: boolean) => void;
  onWithdraw: () => void;
  onRemove: () => void;
}

/** What can be done with the tool: one filled button, whose label says the result. */
export function ToolActions(props: ToolActionsProps) {
  const { state, dirty, description, faulty, busy, error, savedText } = props;
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const [asking, setAsking] = useState<"everybody" | "remove">();
  const publishButton = useRef<HTMLButtonElement>(null);
  const removeButton = useRef<HTMLButtonElement>(null);
  const published = state === "published";
  const count = description?.here;
  const words = () => {
    if (published) return count === undefined ? t.update : t.updateFor(number(count, locale));
    if (count === undefined) return t.publish;
    if (count === 1) return t.publishForOne;
    return count === 0 && description?.elsewhere.length === 0 ? t.publishNobody : t.publishFor(number(count, locale));
  };
  const everybody = description?.warnings.includes("everybody") === true;
  const act = () => {
    if (everybody) setAsking("everybody");
    else if (published) props.onSave(false);
    else props.onPublish(false);
  };
  const confirm = (then: () => void) => () => {
    setAsking(undefined);
    then();
  };
  if (props.readOnly) {
    return (
      <div className="bs-stack bs-stack--tight">
        <Notice tone="info">
          <p>{t.readOnly}</p>
        </Notice>
      </div>
    );
  }
  return (
    <div className="bs-stack bs-stack--tight">
      <ActFailed error={error} />
      <p className="bs-under bs-under--error" role="status">
        {faulty ? t.toMend : null}
      </p>
      <ActButton ref={publishButton} kind="primary" off={busy || (published && !dirty)} onClick={act}>
        {words()}
      </ActButton>
      {published ? (
        <ActButton kind="tertiary" off={busy} onClick={props.onWithdraw}>
          {t.withdraw}
        </ActButton>
      ) : (
        <ActButton kind="tertiary" off={busy || (state !== undefined && !dirty)} onClick={() => props.onSave(false)}>
          {t.keepDraft}
        </ActButton>
      )}
      {state === "draft" ? (
        <ActButton ref={removeButton} kind="plain" off={busy} onClick={() => setAsking("remove")}>
          {t.remove}
        </ActButton>
      ) : null}
      <p className="bs-under" role="status">
        {savedText}
      </p>
      <ConfirmDialog
        open={asking === "everybody"}
        title={t.everybodyTitle}
        confirmLabel={t.publishFor(number(count ?? 0, locale))}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={publishButton}
        onConfirm={confirm(() => (published ? props.onSave(true) : props.onPublish(true)))}
        onClose={() => setAsking(undefined)}
      >
        <p>{t.everybodyText(number(description?.count ?? 0, locale))}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "remove"}
        title={t.removeTitle}
        confirmLabel={t.remove}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={removeButton}
        onConfirm={confirm(props.onRemove)}
        onClose={() => setAsking(undefined)}
      >
        <p>{t.removeText}</p>
      </ConfirmDialog>
    </div>
  );
}
