import type { ReactNode } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Button, ListShape } from "../../../ui/index.ts";
import { texts } from "../texts.ts";

interface PartProps {
  id: string;
  title: string;
  text: string;
  /** Of what the part shows. */
  wait: { loading: boolean; failed: boolean; retry: () => void };
  children: ReactNode;
}

/** A card of the account that waits and fails by itself. */
export function Part({ id, title, text, wait, children }: PartProps) {
  const t = useTexts(texts);
  return (
    <section className="bs-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p>{text}</p>
      {wait.loading ? <ListShape label={t.loading} /> : null}
      {wait.failed ? (
        <div role="alert">
          <p>
            <b>{t.errorTitle}</b> {t.errorText}
          </p>
          <Button small onClick={wait.retry}>
            {t.retry}
          </Button>
        </div>
      ) : null}
      {children}
    </section>
  );
}

/** How a query waits. */
export function waitOf({ data, error, refetch }: { data: unknown; error: unknown; refetch: () => unknown }) {
  return { loading: data === undefined && error === null, failed: data === undefined && error !== null, retry: () => void refetch() };
}
