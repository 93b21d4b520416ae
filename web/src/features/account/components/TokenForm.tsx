import { type RefObject, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { scopeWords } from "../../../i18n/tokenScopes.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { ActButton, FailureNote, SelectField, TextField, TickGroup } from "../../../ui/forms.ts";
import { Button, Dialog } from "../../../ui/index.ts";
import { type OwnTokens, type TokenMade, useMakeToken } from "../api/tokens.ts";
import { texts as common } from "../texts.ts";
import { texts } from "../tokenTexts.ts";

const LONGEST_NAME = 80;
const DAYS = [7, 30, 90, 180, 365];

interface TokenFormProps {
  open: boolean;
  /** What may be made. */
  known: OwnTokens;
  opener: RefObject<HTMLElement | null>;
  onMade: (answer: TokenMade) => void;
  onClose: () => void;
}

/** A token for a program: its name, what it may do, how long. */
export function TokenForm({ open, onClose, opener, ...rest }: TokenFormProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  return (
    <Dialog open={open} title={t.makeTitle} closeLabel={c.close} opener={opener} onClose={onClose}>
      {/* Made anew at each opening: nothing of the token before stays. */}
      {open ? <Fields {...rest} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Fields({ known, onMade, onClose }: Omit<TokenFormProps, "open" | "opener">) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState(String(known.usualDays));
  const [asked, setAsked] = useState(false);
  const make = useMakeToken(onMade);
  const choices = known.scopes.map((scope) => ({ value: scope, label: scopeWords(scope, locale) }));
  const run = () => {
    setAsked(true);
    if (name.trim() !== "" && scopes.length > 0) make.mutate({ name, scopes, days: Number(days) });
  };
  return (
    <form className="bs-stack" noValidate onSubmit={(event) => event.preventDefault()}>
      <TextField
        label={t.name}
        hint={t.nameHint}
        maxLength={LONGEST_NAME}
        value={name}
        error={asked && name.trim() === "" ? t.nameMissing : undefined}
        onChange={setName}
      />
      <TickGroup
        legend={t.scopes}
        hint={t.scopesHint}
        choices={choices}
        values={scopes}
        error={asked && scopes.length === 0 ? t.scopesMissing : undefined}
        onChange={setScopes}
      />
      <SelectField
        label={t.days}
        value={days}
        options={DAYS.filter((some) => some <= known.longestDays).map((some) => ({ value: String(some), label: t.someDays(some) }))}
        onChange={setDays}
      />
      <Failed error={make.error} />
      <div className="bs-actions bs-actions--end">
        <Button kind="tertiary" onClick={onClose}>
          {c.cancel}
        </Button>
        <ActButton kind="primary" type="submit" off={make.isPending} onClick={run}>
          {t.makeThis}
        </ActButton>
      </div>
    </form>
  );
}

/** Why none was made: what was written stays in the form. */
function Failed({ error }: { error: Error | null }) {
  const t = useTexts(texts);
  if (error === null) return null;
  const problem = error instanceof ApiFailure ? error.problem : undefined;
  return <FailureNote title={problem?.title ?? t.makeFailed} detail={problem?.detail} />;
}
