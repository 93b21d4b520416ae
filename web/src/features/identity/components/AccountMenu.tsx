import type { ReactNode, Ref } from "react";
import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { leave } from "../../../lib/leaving.ts";
import { Avatar, Icon, IconButton, Popover } from "../../../ui/index.ts";
import { useSession } from "../api/session.ts";
import { texts } from "../texts.ts";

const PANEL = "account";
const FORM = "sign-out";

/** Signs out from elsewhere on the page, as the menu's own button does. */
export function signOut(): void {
  document.querySelector<HTMLFormElement>(`#${FORM}`)?.requestSubmit();
}

/** The panel stays open over a change of page otherwise. */
function close(): void {
  document.querySelector<HTMLElement>(`#${PANEL}`)?.hidePopover?.();
}

interface AccountMenuProps {
  /** The button that opens it: the focus comes back to it. */
  opener: Ref<HTMLButtonElement>;
  /** Settings that the bar has no room for on a narrow screen. */
  children: ReactNode;
}

/** Who is signed in, and the way out. Absent until the session is known. */
export function AccountMenu({ opener, children }: AccountMenuProps) {
  const t = useTexts(texts);
  const session = useSession().data;
  if (session === undefined) return null;
  const { displayName, initials, email, organisation } = session.agent;
  const { guest } = session;
  return (
    <>
      <IconButton ref={opener} label={t.openAccount(initials, displayName)} popoverTarget={PANEL} aria-haspopup="dialog">
        <Avatar initials={initials} />
      </IconButton>
      <Popover id={PANEL} label={t.account}>
        <div className="bs-account">
          <Avatar initials={initials} large />
          <div>
            <b>{displayName}</b>
            <small>{email}</small>
          </div>
          <p className="bs-account__org">
            <Icon name="building-line" />
            {guest === undefined ? organisation.label : t.guestOf(guest.organisation)}
          </p>
        </div>
        <div className="bs-account-rows">
          <Link className="bs-menu-row" to="/compte" onClick={close}>
            <Icon name="user-line" />
            {t.account}
          </Link>
          {guest === undefined ? (
            <Link className="bs-menu-row" to="/invites" onClick={close}>
              <Icon name="team-line" />
              {t.guests}
            </Link>
          ) : null}
          <Link className="bs-menu-row" to="/reglages" onClick={close}>
            <Icon name="settings-5-line" />
            {t.settings}
          </Link>
        </div>
        {children}
        {/* A form, not a request: the answer is a page that goes on to the ministry's own sign-out. */}
        <form id={FORM} className="bs-account-rows" method="post" action="/deconnexion" onSubmit={leave}>
          <input type="hidden" name="csrf" value={session.csrfToken} />
          <button type="submit" className="bs-menu-row">
            <Icon name="logout-box-r-line" />
            {t.signOut}
          </button>
        </form>
      </Popover>
    </>
  );
}
