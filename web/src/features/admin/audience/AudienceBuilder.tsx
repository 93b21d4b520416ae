import { useRef, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Notice } from "../../../ui/forms.ts";
import { Badge, Button, Icon, IconButton } from "../../../ui/index.ts";
import type { Audience, Description } from "../api/shapes.ts";
import { usePersons } from "../api/people.ts";
import { ancestorsOf, useScope } from "../common/scope.ts";
import { RowEditor } from "./RowEditor.tsx";
import { type Names, RowSentence, wordsOf } from "./RowSentence.tsx";
import { audienceOf, NOBODY, type Row, rowsOf, type Who } from "./rows.ts";
import { texts } from "./texts.ts";

interface AudienceBuilderProps {
  audience: Audience;
  /** Of this audience, when known: marks the rows that wait for an agreement. */
  description: Description | undefined;
  onChange: (audience: Audience) => void;
}

/** An audience written as a sentence, one row a piece. */
export function AudienceBuilder({ audience, description, onChange }: AudienceBuilderProps) {
  const t = useTexts(texts);
  const [adding, setAdding] = useState<Row["effect"]>();
  const [news, setNews] = useState("");
  const showButton = useRef<HTMLButtonElement>(null);
  const exceptButton = useRef<HTMLButtonElement>(null);
  const rows = rowsOf(audience);
  const names = useNames(rows ?? []);

  if (rows === undefined) {
    return (
      <Notice icon="information-line" tone="info">
        <p>{t.tooRich}</p>
        <Button kind="secondary" small onClick={() => onChange(NOBODY)}>
          {t.replace}
        </Button>
      </Notice>
    );
  }
  const focusOn = (effect: Row["effect"]) => (effect === "show" ? showButton : exceptButton).current?.focus();
  const close = (effect: Row["effect"]) => {
    setAdding(undefined);
    focusOn(effect);
  };
  const add = (effect: Row["effect"], who: Who) => {
    // Shown rows first: the sentence reads « à …, et à …, sauf à … ».
    const next = [...rows, { effect, who }].sort((one, other) => Number(one.effect === "except") - Number(other.effect === "except"));
    onChange(audienceOf(next));
    setNews(t.added);
    close(effect);
  };
  const remove = (index: number, effect: Row["effect"]) => {
    onChange(audienceOf(rows.filter((_, at) => at !== index)));
    setNews(t.removed);
    focusOn(effect);
  };
  const startOf = (row: Row, index: number) => {
    if (row.effect === "except") return t.exceptTo;
    return index === 0 ? t.show : t.andTo;
  };

  return (
    <div className="bs-card">
      {rows.length === 0 ? <p className="bs-rules__none">{t.empty}</p> : null}
      {rows.map((row, index) => (
        <div className="bs-rule" key={JSON.stringify(row)}>
          <b>{startOf(row, index)}</b>
          <span>
            <RowSentence who={row.who} names={names} />{" "}
            {row.effect === "show" ? <Waiting who={row.who} description={description} /> : null}
          </span>
          <IconButton label={t.remove(wordsOf(row.who, names, t))} onClick={() => remove(index, row.effect)}>
            <Icon name="delete-bin-line" />
          </IconButton>
        </div>
      ))}
      {adding === undefined ? null : (
        <RowEditor key={adding} effect={adding} onAdd={(who) => add(adding, who)} onCancel={() => close(adding)} />
      )}
      <div className="bs-actions bs-rules__add">
        <Button ref={showButton} kind="plain" small aria-expanded={adding === "show"} onClick={() => setAdding("show")}>
          <Icon name="add-line" />
          {t.addShow}
        </Button>
        <Button ref={exceptButton} kind="plain" small aria-expanded={adding === "except"} onClick={() => setAdding("except")}>
          <Icon name="subtract-line" />
          {t.addExcept}
        </Button>
      </div>
      <span className="bs-sr" role="status">
        {news}
      </span>
    </div>
  );
}

/** The names that the rows speak of. */
function useNames(rows: readonly Row[]): Names {
  const { organisations } = useScope();
  const persons = usePersons([...new Set(rows.flatMap(({ who }) => (who.kind === "person" ? [who.id] : [])))]);
  return { organisations, persons };
}

/** That another administration has to agree to what the row shows. */
function Waiting({ who, description }: { who: Who; description: Description | undefined }) {
  const t = useTexts(texts);
  const { organisations } = useScope();
  if (who.kind !== "organisation") return null;
  const line = new Set([who.id, ...ancestorsOf(who.id, organisations)]);
  const other = description?.elsewhere.find(({ organisation }) => line.has(organisation.id));
  return other === undefined ? null : (
    <Badge tone="warn" icon="time-line">
      {t.waiting(other.organisation.label)}
    </Badge>
  );
}
