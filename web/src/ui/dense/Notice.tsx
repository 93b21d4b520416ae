import type { ReactNode } from "react";

import { CopyText } from "../CopyText.tsx";
import { Icon } from "../Icon.tsx";
import type { IconName } from "../icons/names.ts";

const ICONS: Record<"warn" | "info" | "ok", IconName> = {
  warn: "alert-line",
  info: "information-line",
  ok: "checkbox-circle-fill",
};

interface NoticeProps {
  tone?: "warn" | "info" | "ok";
  icon?: IconName;
  title?: string;
  /** Announced when it comes while the reader is elsewhere on the page. */
  live?: boolean;
  children?: ReactNode;
}

/** Something to know beside what one does: yellow to be wary, blue to learn. */
export function Notice({ tone = "warn", icon = ICONS[tone], title, live = false, children }: NoticeProps) {
  return (
    <div className={`bs-agree bs-agree--${tone}`} role={live ? "status" : undefined}>
      <Icon name={icon} />
      <div>
        {title === undefined ? null : <b>{title}</b>}
        {children}
      </div>
    </div>
  );
}

interface FailureNoteProps {
  title: string;
  detail?: string | undefined;
  request?: { caption: string; id: string; copyLabel: string; copiedLabel: string } | undefined;
  children?: ReactNode;
}

/** An act that did not happen: what, why, and the number to give when asking for help. */
export function FailureNote({ title, detail, request, children }: FailureNoteProps) {
  return (
    <div className="bs-agree bs-agree--error" role="alert">
      <Icon name="error-warning-line" />
      <div>
        <b>{title}</b>
        {detail === undefined ? null : <p>{detail}</p>}
        {children}
        {request === undefined ? null : (
          <CopyText caption={request.caption} text={request.id} copyLabel={request.copyLabel} copiedLabel={request.copiedLabel} />
        )}
      </div>
    </div>
  );
}
