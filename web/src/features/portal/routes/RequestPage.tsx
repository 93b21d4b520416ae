import { type SyntheticEvent, useState } from "react";

import "../../../ui/styles/lists.css";

import { browserZone, shortMoment } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { useDraft } from "../../../lib/draft.ts";
import { useDocumentTitle, usePresent } from "../../../lib/hooks.ts";
import { tell } from "../../../lib/notes.ts";
import { TextArea, TextField } from "../../../ui/forms.ts";
import { Badge, type BadgeTone, Button, ListShape } from "../../../ui/index.ts";
import { type ToolRequest, useAskForTool, useRequests, type Wish } from "../api/requests.ts";
import { texts } from "../request/texts.ts";

const EMPTY: Wish = { name: "", url: "", purpose: "" };

/** What is missing or wrong in a wish, field by field. */
function faultsOf(wish: Wish, t: { nameMissing: string; urlWrong: string; purposeMissing: string }) {
  const url = /^https:\/\/[^\s/]+/.test(wish.url.trim());
  return {
    name: wish.name.trim() === "" ? t.nameMissing : undefined,
    url: url ? undefined : t.urlWrong,
    purpose: wish.purpose.trim() === "" ? t.purposeMissing : undefined,
  };
}

/** `/outils/demander`: asks for a tool, and what became of earlier wishes. `owner`: whose draft it is. */
export default function RequestPage({ owner }: { owner: string | undefined }) {
  const t = useTexts(texts);
  useDocumentTitle(t.title);
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.title}</h1>
        <p>{t.intro}</p>
      </div>
      <div className="bs-ask">
        {owner === undefined ? null : <Form key={owner} owner={owner} />}
        <MyRequests />
      </div>
    </>
  );
}

function Form({ owner }: { owner: string }) {
  const t = useTexts(texts);
  const [wish, setWish, forget] = useDraft<Wish>(`tool-request/${owner}`, EMPTY);
  const [checked, setChecked] = useState(false);
  const { mutate, isPending, error } = useAskForTool();
  const faults = faultsOf(wish, t);
  const problem = error instanceof ApiFailure ? error.problem : undefined;

  const send = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    const first = (["name", "url", "purpose"] as const).find((field) => faults[field] !== undefined);
    if (first !== undefined) {
      event.currentTarget.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    mutate(
      { name: wish.name.trim(), url: wish.url.trim(), purpose: wish.purpose.trim() },
      {
        onSuccess: () => {
          forget();
          setChecked(false);
          tell(t.sent);
        },
      },
    );
  };
  const set = (field: keyof Wish) => (value: string) => setWish({ ...wish, [field]: value });

  return (
    <form className="bs-card bs-form" noValidate onSubmit={send}>
      <TextField name="name" label={t.name} hint={t.nameHint} maxLength={80} required value={wish.name} onChange={set("name")} error={checked ? faults.name : undefined} />
      <TextField name="url" type="url" inputMode="url" label={t.url} hint={t.urlHint} maxLength={500} required value={wish.url} onChange={set("url")} error={checked ? faults.url : undefined} />
      <TextArea name="purpose" rows={4} label={t.purpose} hint={t.purposeHint} maxLength={1000} required value={wish.purpose} onChange={set("purpose")} error={checked ? faults.purpose : undefined} />
      {error === null ? null : (
        <p className="bs-warn" role="alert">
          <b>{problem?.title ?? t.failed}</b> {problem?.detail ?? t.kept}
        </p>
      )}
      <div className="bs-form__end">
        <Button type="submit" kind="primary" disabled={isPending}>
          {t.send}
        </Button>
        <span className="bs-small">{t.draft}</span>
      </div>
    </form>
  );
}

function MyRequests() {
  const t = useTexts(texts);
  const { data, error } = useRequests();
  return (
    <section aria-labelledby="my-requests">
      <h2 id="my-requests">{t.mine}</h2>
      {data === undefined && error === null ? <ListShape label={t.loading} /> : null}
      {data === undefined && error !== null ? <p className="bs-card bs-quiet">{t.mineFailed}</p> : null}
      {data?.items.length === 0 ? <p className="bs-card bs-quiet">{t.none}</p> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <ul className="bs-list bs-card bs-rows">
          {data.items.map((request) => (
            <li key={request.id}>
              <OneRequest request={request} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function OneRequest({ request }: { request: ToolRequest }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const now = usePresent();
  const states: Record<string, { tone: BadgeTone; word: string }> = {
    approved: { tone: "ok", word: t.approved },
    refused: { tone: "error", word: t.refused },
    withdrawn: { tone: "neutral", word: t.withdrawn },
  };
  const state = states[request.state] ?? { tone: "info" as const, word: t.pending };
  return (
    <>
      <p className="bs-rows__title">
        <b>{request.name}</b> <Badge tone={state.tone}>{state.word}</Badge>
      </p>
      <p className="bs-small">{t.askedOn(shortMoment(request.at, now, browserZone(), locale))}</p>
      {request.reason ? <p>{request.reason}</p> : null}
    </>
  );
}
