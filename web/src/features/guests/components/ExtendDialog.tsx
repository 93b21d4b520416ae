import { type RefObject, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { tell } from "../../../lib/notes.ts";
import { ConfirmDialog, TextField } from "../../../ui/forms.ts";
import { type Invitation, useExtend } from "../api/guests.ts";
import { DAY, LONGEST_DAYS, dayOf, endOf, fieldOf } from "../days.ts";
import { texts } from "../texts.ts";
import { NotDone } from "./NotDone.tsx";

interface ExtendDialogProps {
  invitation: Invitation | undefined;
  longestDays: number;
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Another end for an invitation. */
export function ExtendDialog({ invitation, longestDays, opener, onClose }: ExtendDialogProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const [now] = useState(() => Date.now());
  const [day, setDay] = useState(() => (invitation === undefined ? "" : fieldOf(invitation.until)));
  const [asked, setAsked] = useState(false);
  const most = Math.min(now + longestDays * DAY, (invitation?.createdAt ?? now) + LONGEST_DAYS * DAY);
  // The last second of the day lies within.
  const last = most - DAY;
  const extend = useExtend((one) => {
    tell(t.extended(dayOf(one.until, locale)));
    onClose();
  });
  const until = endOf(day);
  const wrong = until === undefined || until <= now || until > most;
  const save = () => {
    setAsked(true);
    if (invitation !== undefined && !wrong) extend.mutate({ id: invitation.id, until });
  };
  return (
    <ConfirmDialog
      open={invitation !== undefined}
      title={t.extendTitle}
      confirmLabel={t.extendDo}
      cancelLabel={t.cancel}
      closeLabel={t.close}
      opener={opener}
      busy={extend.isPending}
      onConfirm={save}
      onClose={onClose}
    >
      <TextField
        label={t.until}
        hint={t.untilHint(dayOf(last, locale))}
        type="date"
        min={fieldOf(now)}
        max={fieldOf(last)}
        value={day}
        error={asked && wrong ? t.wrongDay : undefined}
        onChange={setDay}
      />
      <NotDone error={extend.error} />
    </ConfirmDialog>
  );
}
