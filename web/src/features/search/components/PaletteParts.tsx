import { useTexts } from "../../../i18n/dictionary.ts";
import { Button, Icon } from "../../../ui/index.ts";
import type { Found } from "../hooks/useSearch.ts";
import { texts } from "../texts.ts";

type Search = Found & { again: () => void };

/** What could not be searched, said plainly; or that nothing was found. */
export function Troubles({ typed, found, empty }: { typed: string; found: Search; empty: boolean }) {
  const t = useTexts(texts);
  const silent = found.sources.filter(({ state }) => state !== "complete");
  return (
    <div role="status">
      {silent.map(({ source, title, state }) => (
        <p className="bs-down" key={source}>
          <Icon name="alert-line" />
          <span>
            <b>{t.sourceDown(title)}</b> {state === "late" ? t.sourceLate : t.sourceFailed}
          </span>
          <Button small kind="tertiary" onClick={found.again}>
            {t.retry}
          </Button>
        </p>
      ))}
      {found.state === "failed" ? (
        <p className="bs-down">
          <Icon name="alert-line" />
          <span>
            <b>{t.searchFailed}</b> {t.searchFailedText}
          </span>
          <Button small kind="tertiary" onClick={found.again}>
            {t.retry}
          </Button>
        </p>
      ) : null}
      {empty && found.state === "done" ? (
        <p className="bs-palette__none">
          <b>{t.nothing(typed.trim())}</b>
          <br />
          {t.nothingHint}
        </p>
      ) : null}
    </div>
  );
}

/** The keys, and how many lines there are. */
export function Foot({ found, count }: { found: Found; count: number }) {
  const t = useTexts(texts);
  return (
    <div className="bs-palette__foot">
      <span className="bs-wide-only">
        <kbd className="bs-kbd">↑</kbd> <kbd className="bs-kbd">↓</kbd> {t.choose}
      </span>
      <span className="bs-wide-only">
        <kbd className="bs-kbd">{t.enter}</kbd> {t.toOpen}
      </span>
      <span className="bs-wide-only">
        <kbd className="bs-kbd">Ctrl</kbd> <kbd className="bs-kbd">{t.enter}</kbd> {t.newTab}
      </span>
      <span role="status">{found.state === "searching" ? t.searching : t.count(count)}</span>
    </div>
  );
}
