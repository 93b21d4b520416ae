import type { ReactNode } from "react";
import { Link, useParams } from "react-router";

import "../../../ui/styles/lists.css";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { useDocumentTitle, useLateTitle } from "../../../lib/hooks.ts";
import { Avatar, Button, CopyButton, Icon, type IconName, ListShape, Placeholder } from "../../../ui/index.ts";
import { type Person, usePerson } from "../api/people.ts";
import { texts } from "../texts.ts";

/** `/annuaire/:id`: one agent, and how to reach them. */
export default function PersonPage() {
  const t = useTexts(texts);
  const { id = "" } = useParams();
  const { data, error, refetch } = usePerson(id);
  useDocumentTitle(data?.displayName ?? t.title);
  useLateTitle(data !== undefined || error !== null);
  if (data !== undefined) return <Card person={data} />;
  if (error === null) return <ListShape label={t.loading} />;
  if (error instanceof ApiFailure && error.problem?.status === 404) return <Gone />;
  return (
    <Placeholder icon="cloud-off-line" tone="error" title={t.errorTitle}>
      <p>{t.errorText}</p>
      <div className="bs-actions">
        <Button kind="primary" onClick={() => void refetch()}>
          {t.retry}
        </Button>
      </div>
    </Placeholder>
  );
}

function Gone() {
  const t = useTexts(texts);
  return (
    <div className="bs-title">
      <h1 tabIndex={-1}>{t.gone}</h1>
      <p>{t.goneText}</p>
      <p className="bs-title__action">
        <Link className="fr-btn" to="/annuaire">
          {t.goneAction}
        </Link>
      </p>
    </div>
  );
}

function Card({ person }: { person: Person }) {
  const t = useTexts(texts);
  const { displayName, organisation, unit, email, phone } = person;
  return (
    <>
      <nav className="bs-path" aria-label={t.path}>
        <Link to="/annuaire">{t.back}</Link>
      </nav>
      <article className="bs-card bs-person">
        <Avatar initials={person.initials} of={person.id} large />
        <div>
          <h1 tabIndex={-1}>{displayName}</h1>
          <p>{organisation.label}</p>
        </div>
        <dl>
          {unit ? (
            <Fact icon="building-line" term={t.unit}>
              {unit}
            </Fact>
          ) : null}
          <Fact icon="mail-line" term={t.email}>
            <a href={`mailto:${email}`}>{email}</a>
            <CopyButton text={email} copyLabel={t.copyEmail} copiedLabel={t.emailCopied} />
          </Fact>
          {phone ? (
            <Fact icon="phone-line" term={t.phone}>
              <a href={`tel:${phone.replace(/[^+\d]/g, "")}`}>{phone}</a>
              <CopyButton text={phone} copyLabel={t.copyPhone} copiedLabel={t.phoneCopied} />
            </Fact>
          ) : null}
        </dl>
      </article>
    </>
  );
}

function Fact({ icon, term, children }: { icon: IconName; term: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        <Icon name={icon} />
        {term}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
