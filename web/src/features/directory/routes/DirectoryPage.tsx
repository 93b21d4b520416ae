import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";

import "../../../ui/styles/lists.css";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useDebounced, useDocumentTitle } from "../../../lib/hooks.ts";
import { SelectField } from "../../../ui/forms.ts";
import { Avatar, Button, ListShape, Placeholder, SearchField } from "../../../ui/index.ts";
import { type Person, useOrganisations, usePeople } from "../api/people.ts";
import { texts } from "../texts.ts";

const PAUSE_MS = 250;

/** `/annuaire`: who works where. The search stands in the address, so that it can be sent and come back to. */
export default function DirectoryPage() {
  const t = useTexts(texts);
  useDocumentTitle(t.title);
  const [params, setParams] = useSearchParams();
  const [words, setWords] = useState(params.get("q") ?? "");
  const organisation = params.get("administration") ?? "";
  const asked = useDebounced(words.trim(), PAUSE_MS);
  const organisations = useOrganisations().data?.items ?? [];

  const choose = (q: string, chosen: string) => {
    const next = new URLSearchParams();
    if (q !== "") next.set("q", q);
    if (chosen !== "") next.set("administration", chosen);
    setParams(next, { replace: true });
  };
  useEffect(() => {
    if ((params.get("q") ?? "") !== asked) choose(asked, organisation);
    // Only what was typed moves the address: coming back with the browser's arrow does not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [asked]);

  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = usePeople(asked, organisation);
  const people = data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.title}</h1>
        <p>{t.intro}</p>
      </div>
      <div className="bs-directory__search">
        <SearchField
          label={t.search}
          value={words}
          onChange={setWords}
          result={data === undefined ? "" : t.shown(people.length, hasNextPage)}
        />
        <SelectField
          label={t.organisation}
          value={organisation}
          options={[
            { value: "", label: t.everyOrganisation },
            ...organisations.map(({ id, label }) => ({ value: id, label })),
          ]}
          onChange={(chosen) => choose(asked, chosen)}
        />
      </div>
      {data === undefined && error === null ? <ListShape label={t.loading} /> : null}
      {data === undefined && error !== null ? (
        <Placeholder icon="cloud-off-line" tone="error" title={t.errorTitle}>
          <p>{t.errorText}</p>
          <div className="bs-actions">
            <Button kind="primary" onClick={() => void refetch()}>
              {t.retry}
            </Button>
          </div>
        </Placeholder>
      ) : null}
      {data !== undefined && people.length === 0 ? (
        <Placeholder icon="team-line" title={t.none}>
          <p>{t.noneText}</p>
          {organisation === "" ? null : (
            <div className="bs-actions">
              <Button onClick={() => choose(asked, "")}>{t.everywhere}</Button>
            </div>
          )}
        </Placeholder>
      ) : null}
      {people.length === 0 ? null : (
        <ul className="bs-list bs-card bs-people" aria-label={t.people}>
          {people.map((person) => (
            <li key={person.id}>
              <Row person={person} />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage ? (
        <div className="bs-more">
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Row({ person }: { person: Person }) {
  return (
    <Link to={`/annuaire/${person.id}`}>
      <Avatar initials={person.initials} of={person.id} />
      <span>
        <b>{person.displayName}</b>
        <small>
          {person.unit ? `${person.unit} · ` : null}
          {person.organisation.label}
        </small>
      </span>
    </Link>
  );
}
