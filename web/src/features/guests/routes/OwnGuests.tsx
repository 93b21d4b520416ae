import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { tell } from "../../../lib/notes.ts";
import { Notice } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { type Invitation, useInvitations, useShareable } from "../api/guests.ts";
import { Invitations } from "../components/Invitations.tsx";
import { InviteForm } from "../components/InviteForm.tsx";
import { texts } from "../texts.ts";

/** The form, when it is open: empty, or with somebody who is invited again. */
type Writing = { again: Invitation | undefined };

/** `/invites`: whom the reader invited. `?reprendre=` opens the form with an invitation that is over. */
export function OwnGuests() {
  const t = useTexts(texts);
  useDocumentTitle(t.title);
  const list = useInvitations();
  const shareable = useShareable();
  const [query, setQuery] = useSearchParams();
  const [writing, setWriting] = useState<Writing>();
  const button = useRef<HTMLButtonElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = query.get("reprendre");
  const found = list.items?.find(({ id }) => id === wanted);

  // The address of a demand opens the form; once closed it is an ordinary page.
  const open = writing ?? (found === undefined ? undefined : { again: found });
  const isOpen = open !== undefined;
  useEffect(() => {
    if (isOpen) heading.current?.focus();
  }, [isOpen]);

  const close = () => {
    setWriting(undefined);
    if (wanted !== null) setQuery({}, { replace: true });
    button.current?.focus();
  };
  const sent = ({ givenName, usualName }: Invitation) => {
    tell(t.sent(`${givenName} ${usualName}`));
    close();
  };
  const unavailable = shareable.error instanceof ApiFailure && shareable.error.problem?.status === 503;
  return (
    <>
      <div className="bs-title bs-title--row">
        <div>
          <h1 tabIndex={-1}>{t.title}</h1>
          <p>{t.intro}</p>
        </div>
        {shareable.data === undefined ? null : (
          <Button ref={button} kind={open === undefined ? "primary" : "tertiary"} onClick={() => setWriting({ again: undefined })}>
            {t.invite}
          </Button>
        )}
      </div>
      {unavailable ? (
        <Notice title={t.unavailableTitle}>
          <p>{t.unavailable}</p>
        </Notice>
      ) : null}
      {open === undefined || shareable.data === undefined ? null : (
        <InviteForm
          key={open.again?.id ?? "new"}
          shareable={shareable.data}
          again={open.again}
          heading={heading}
          onSent={sent}
          onCancel={close}
        />
      )}
      <Invitations
        list={list}
        longestDays={shareable.data?.longestDays}
        {...(shareable.data === undefined ? {} : { onAgain: (again: Invitation) => setWriting({ again }) })}
      />
    </>
  );
}
