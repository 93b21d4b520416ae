import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { tell } from "../../../lib/notes.ts";
import { type Column, ConfirmDialog, DataTable, Pager } from "../../../ui/forms.ts";
import { Badge, type BadgeTone, Button, ListShape, Placeholder } from "../../../ui/index.ts";
import { type Invitation, useEnd, type useInvitations, useResetFactor } from "../api/guests.ts";
import { dayOf } from "../days.ts";
import { texts } from "../texts.ts";
import { ExtendDialog } from "./ExtendDialog.tsx";
import { NotDone } from "./NotDone.tsx";

type Texts = (typeof texts)["fr"];

interface InvitationsProps {
  list: ReturnType<typeof useInvitations>;
  /** Those of an administration, with who sent each. */
  sponsored?: boolean;
  /** The most days from now; none: the reader changes no end here. */
  longestDays?: number | undefined;
  /** Somebody is invited again. */
  onAgain?: (invitation: Invitation) => void;
}

const TONES: Readonly<Record<string, BadgeTone>> = { pending: "info", accepted: "ok" };

/** Whether an invitation may still let its guest in. */
export const isOpen = ({ state }: Invitation) => state === "pending" || state === "accepted";

/** The invitations, and what may be done with each. */
export function Invitations({ list, sponsored = false, longestDays, onAgain }: InvitationsProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const [ending, setEnding] = useState<Invitation>();
  const [extending, setExtending] = useState<Invitation>();
  const [resetting, setResetting] = useState<Invitation>();
  const [button, setButton] = useState<HTMLElement | null>(null);
  const end = useEnd((ended) => tell(t.endDone(nameOf(ended))));
  const reset = useResetFactor((one) => tell(t.resetDone(nameOf(one))));
  const act = (open: (one: Invitation) => void) => (one: Invitation, from: HTMLElement) => {
    setButton(from);
    open(one);
  };
  const { items } = list;
  if (items === undefined) {
    if (list.error === null) return <ListShape label={t.loading} />;
    return (
      <Placeholder icon="cloud-off-line" tone="error" title={t.errorTitle}>
        <p>{t.errorText}</p>
        <div className="bs-actions">
          <Button onClick={list.retry}>{t.retry}</Button>
        </div>
      </Placeholder>
    );
  }
  if (items.length === 0) {
    return (
      <Placeholder icon="team-line" title={sponsored ? t.emptySponsored : t.emptyTitle}>
        <p>{sponsored ? t.emptySponsoredText : t.emptyText}</p>
      </Placeholder>
    );
  }
  const acts: Acts = {
    end: act(setEnding),
    extend: longestDays === undefined ? undefined : act(setExtending),
    reset: act(setResetting),
    again: onAgain,
  };
  const waits = ending?.state === "pending";
  return (
    <>
      <NotDone error={end.error ?? reset.error} />
      <div className="bs-card bs-tablecard">
        <DataTable caption={t.caption} columns={columns(t, locale, sponsored, acts)} rows={items} keyOf={({ id }) => id} />
        {list.more === undefined ? null : (
          <Pager summary={t.shown(String(items.length))} moreLabel={t.more} more={list.more} busy={list.busy} />
        )}
      </div>
      <ConfirmDialog
        open={ending !== undefined}
        title={ending === undefined ? "" : waits ? t.withdrawTitle(nameOf(ending)) : t.endTitle(nameOf(ending))}
        confirmLabel={waits ? t.withdrawDo : t.endDo}
        cancelLabel={t.cancel}
        closeLabel={t.close}
        opener={{ current: button }}
        onConfirm={() => {
          if (ending !== undefined) end.mutate(ending);
          setEnding(undefined);
        }}
        onClose={() => setEnding(undefined)}
      >
        <p>{waits ? t.withdrawText : t.endText}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={resetting !== undefined}
        title={resetting === undefined ? "" : t.resetTitle(nameOf(resetting))}
        confirmLabel={t.reset}
        cancelLabel={t.cancel}
        closeLabel={t.close}
        opener={{ current: button }}
        onConfirm={() => {
          if (resetting !== undefined) reset.mutate(resetting);
          setResetting(undefined);
        }}
        onClose={() => setResetting(undefined)}
      >
        <p>{t.resetText}</p>
      </ConfirmDialog>
      {longestDays === undefined ? null : (
        <ExtendDialog key={extending?.id} invitation={extending} longestDays={longestDays} opener={{ current: button }} onClose={() => setExtending(undefined)} />
      )}
    </>
  );
}

interface Acts {
  end: (one: Invitation, from: HTMLElement) => void;
  extend: ((one: Invitation, from: HTMLElement) => void) | undefined;
  reset: (one: Invitation, from: HTMLElement) => void;
  again: ((one: Invitation) => void) | undefined;
}

function nameOf({ givenName, usualName }: Invitation): string {
  return `${givenName} ${usualName}`;
}

function endingOf(t: Texts, ending: string | null | undefined): string {
  const words: Readonly<Record<string, string>> = {
    date: t.date,
    unanswered: t.unanswered,
    inviter: t.byInviter,
    administrator: t.byAdministrator,
    guest: t.byGuest,
    account: t.byAccount,
  };
  return words[ending ?? ""] ?? "";
}

function columns(t: Texts, locale: Locale, sponsored: boolean, acts: Acts): Column<Invitation>[] {
  const states: Readonly<Record<string, string>> = {
    pending: t.pending,
    accepted: t.accepted,
    ended: t.ended,
    declined: t.declined,
    withdrawn: t.withdrawn,
  };
  const who: Column<Invitation> = {
    key: "guest",
    title: t.guest,
    head: true,
    cell: (one) => (
      <>
        <b>{nameOf(one)}</b>
        <small>{one.organisation}</small>
        <small>{one.email === "" ? t.gone : one.email}</small>
      </>
    ),
  };
  const what: Column<Invitation> = {
    key: "purpose",
    title: t.purposeColumn,
    cell: (one) => (
      <>
        {one.purpose}
        <small>{one.tools.map(({ name }) => name).join(", ")}</small>
      </>
    ),
  };
  const inviter: Column<Invitation> = {
    key: "inviter",
    title: t.inviter,
    cell: (one) => (
      <>
        {one.inviter.name ?? t.formerAgent}
        <small>{one.sponsorLabel}</small>
      </>
    ),
  };
  const state: Column<Invitation> = {
    key: "state",
    title: t.state,
    cell: (one) => (
      <>
        <Badge tone={TONES[one.state] ?? "neutral"}>{states[one.state] ?? one.state}</Badge>
        {one.state === "pending" ? <small>{t.answerBy(dayOf(one.answerBy, locale))}</small> : null}
        {isOpen(one) ? null : <small>{endingOf(t, one.ending)}</small>}
        {one.secondFactorSince ? <small>{t.factorSince(dayOf(one.secondFactorSince, locale))}</small> : null}
        {one.askedAt ? <small>{t.asked(dayOf(one.askedAt, locale))}</small> : null}
      </>
    ),
  };
  const end: Column<Invitation> = {
    key: "end",
    title: t.end,
    cell: (one) => dayOf(one.endedAt ?? one.until, locale),
  };
  const actions: Column<Invitation> = {
    key: "actions",
    title: t.actions,
    quiet: true,
    cell: (one) => <RowActs one={one} acts={acts} />,
  };
  return sponsored ? [who, what, inviter, state, end, actions] : [who, what, state, end, actions];
}

function RowActs({ one, acts }: { one: Invitation; acts: Acts }) {
  const t = useTexts(texts);
  const name = nameOf(one);
  if (!isOpen(one)) {
    const { again } = acts;
    if (again === undefined || one.email === "") return null;
    return (
      <div className="bs-actions">
        <Button kind="tertiary" small aria-label={t.againOf(name)} onClick={() => again(one)}>
          {t.inviteAgain}
        </Button>
      </div>
    );
  }
  const { extend } = acts;
  return (
    <div className="bs-actions">
      {extend === undefined ? null : (
        <Button kind="tertiary" small aria-label={t.extendOf(name)} onClick={(event) => extend(one, event.currentTarget)}>
          {t.extend}
        </Button>
      )}
      {one.secondFactorSince === undefined ? null : (
        <Button kind="tertiary" small aria-label={t.resetOf(name)} onClick={(event) => acts.reset(one, event.currentTarget)}>
          {t.reset}
        </Button>
      )}
      <Button kind="tertiary" small aria-label={t.endOf(name)} onClick={(event) => acts.end(one, event.currentTarget)}>
        {t.endNow}
      </Button>
    </div>
  );
}
