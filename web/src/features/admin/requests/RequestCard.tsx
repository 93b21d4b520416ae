import { useRef, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, TextArea } from "../../../ui/forms.ts";
import { Badge, Button, Dialog } from "../../../ui/index.ts";
import { useAct, useSend } from "../api/hooks.ts";
import type { RequestLine } from "../api/shapes.ts";
import { useReturnFocus } from "../common/focus.ts";
import { dayAndTime, number } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { REQUESTS } from "./pendingRequests.ts";
import { texts } from "./texts.ts";

interface RequestCardProps {
  request: RequestLine;
  onAnswered: (approved: boolean) => void;
}

/** One request: who asks for what, and the answer. */
export function RequestCard({ request, onAnswered }: RequestCardProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { id, kind, state, name, url, purpose, sentence, organisation, reason, at, decidedAt } = request;
  const send = useSend(REQUESTS, "home");
  const [refusing, setRefusing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const approving = useAct(async () => {
    await send({ method: "POST", path: `/api/v1/admin/requests/${id}/approve` });
    onAnswered(true);
  });
  return (
    <li className="bs-card">
      <div className="bs-head">
        <h2>{name}</h2>
        <Badge tone={kind === "audience" ? "warn" : "info"}>{kind === "audience" ? t.kindAudience : t.kindTool}</Badge>
      </div>
      <p>{useSentence(request)}</p>
      {sentence ? <p className="bs-soft">{sentence}</p> : null}
      {purpose ? <p className="bs-soft">{purpose}</p> : null}
      {url ? (
        <p>
          <a className="bs-link" href={url} target="_blank" rel="noopener noreferrer">
            {t.openAddress}
          </a>{" "}
          <span className="bs-hash">{url}</span>
        </p>
      ) : null}
      <p className="bs-under">{t.on(organisation.label, dayAndTime(at, locale))}</p>
      {decidedAt ? <p className="bs-under">{t.decided(dayAndTime(decidedAt, locale))}</p> : null}
      {reason ? <p>{t.reasonWas(reason)}</p> : null}
      <ActFailed error={approving.error} />
      {state === "pending" ? (
        <div className="bs-actions bs-actions--end bs-actions--start">
          <ActButton small off={approving.isPending} onClick={() => approving.mutate(undefined)}>
            {kind === "audience" ? t.approveAudience : t.approveTool}
          </ActButton>
          <Button ref={opener} kind="tertiary" small onClick={() => setRefusing(true)}>
            {t.refuse}
          </Button>
        </div>
      ) : null}
      {refusing ? (
        <RefusalDialog request={request} opener={opener} onClose={() => setRefusing(false)} onRefused={() => onAnswered(false)} />
      ) : null}
    </li>
  );
}

/** Who asks for what. */
function useSentence({ kind, by, count }: RequestLine): string {
  const t = useTexts(texts);
  const locale = useLocale();
  const who = by.displayName ?? t.somebody;
  if (kind === "tool") return t.asksTool(who);
  return typeof count === "number" ? t.asksAudience(who, number(count, locale)) : t.asksAudienceAny(who);
}

interface RefusalDialogProps {
  request: RequestLine;
  opener: React.RefObject<HTMLElement | null>;
  onClose: () => void;
  onRefused: () => void;
}

/** A refusal carries its reason. */
function RefusalDialog({ request, opener, onClose, onRefused }: RefusalDialogProps) {
  useReturnFocus(opener);
  const t = useTexts(texts);
  const c = useTexts(common);
  const send = useSend(REQUESTS);
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const act = useAct(async () => {
    await send({ method: "POST", path: `/api/v1/admin/requests/${request.id}/refuse`, body: { reason: reason.trim() } });
    onClose();
    onRefused();
  });
  const run = () => {
    setAsked(true);
    if (reason.trim() !== "") act.mutate(undefined);
  };
  return (
    <Dialog open title={t.refuseTitle(request.name)} closeLabel={c.close} opener={opener} onClose={onClose}>
      <div className="bs-stack">
        <p>{t.refuseText}</p>
        <TextArea
          label={t.reason}
          value={reason}
          error={asked && reason.trim() === "" ? t.reasonMissing : undefined}
          onChange={setReason}
        />
        <ActFailed error={act.error} />
      </div>
      <div className="bs-actions bs-actions--end">
        <Button kind="tertiary" onClick={onClose}>
          {c.cancel}
        </Button>
        <ActButton kind="primary" off={act.isPending} onClick={run}>
          {t.sendRefusal}
        </ActButton>
      </div>
    </Dialog>
  );
}
