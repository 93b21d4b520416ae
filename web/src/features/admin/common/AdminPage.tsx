import type { ReactNode } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { Breadcrumb } from "../../../ui/forms.ts";
import { texts } from "../texts.ts";

/** Where the administration stands among the addresses. */
export const BASE = "/administration";

const NONE = [] as const;

interface AdminPageProps {
  title: string;
  /** The pages between the administration and this one. */
  above?: readonly { label: string; to: string }[];
  /** Beside the title: a state. */
  mark?: ReactNode;
  intro?: ReactNode;
  /** At the end of the title's line. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen of the administration: where one is, its name, its content. */
export function AdminPage({ title, above = NONE, mark, intro, actions, children }: AdminPageProps) {
  const t = useTexts(texts);
  useDocumentTitle(title);
  return (
    <>
      <Breadcrumb label={t.breadcrumb} steps={[{ label: t.administration, to: BASE }, ...above, { label: title }]} />
      <div className="bs-title">
        <div>
          <div className="bs-h1line">
            <h1 tabIndex={-1}>{title}</h1>
            {mark}
          </div>
          {intro === undefined ? null : <p>{intro}</p>}
        </div>
        {actions === undefined ? null : <div className="bs-actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}
