import type { MouseEvent } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { piecesOf } from "../../../lib/highlight.ts";
import { TileIcon } from "../../../ui/index.ts";
import type { Option } from "../hooks/useOptions.ts";
import { texts } from "../texts.ts";

interface PaletteOptionProps {
  id: string;
  option: Option;
  query: string;
  selected: boolean;
  onPoint: () => void;
  onChoose: (event: MouseEvent) => void;
}

/** One line of the palette: chosen by the field's keys, or by the mouse. */
export function PaletteOption({ id, option, query, selected, onPoint, onChoose }: PaletteOptionProps) {
  const t = useTexts(texts);
  return (
    // The focus stays in the field, which has the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div id={id} className="bs-opt" role="option" aria-selected={selected} onMouseMove={onPoint} onClick={onChoose}>
      <span className="bs-square c-brand">
        <TileIcon name={option.icon} />
      </span>
      <span>
        <b>
          <Marked text={option.title} query={query} />
        </b>
        {option.detail === undefined ? null : (
          <small>
            <Marked text={option.detail} query={query} />
          </small>
        )}
      </span>
      {selected ? (
        <span className="bs-opt__hint" aria-hidden="true">
          {t.open} <kbd className="bs-kbd">{t.enter}</kbd>
        </span>
      ) : null}
    </div>
  );
}

/** A text with what was looked for underlined. */
function Marked({ text, query }: { text: string; query: string }) {
  return piecesOf(text, query).map(({ at, text: piece, hit }) => (hit ? <mark key={at}>{piece}</mark> : piece));
}
