import { Fragment, type RefObject, useId } from "react";
import { Link, useLocation } from "react-router";

import "../ui/styles/keys.css";

import { useTexts } from "../i18n/dictionary.ts";
import { useSingleKeys } from "../lib/preferences/shortcuts.ts";
import { Dialog } from "../ui/index.ts";
import { texts } from "./keysTexts.ts";

/** Keys pressed together. */
type Chord = readonly string[];

interface Shortcut {
  readonly does: string;
  /** Each of them does it. */
  readonly chords: readonly Chord[];
}

interface KeysDialogProps {
  open: boolean;
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
  /** Closed by going to a page, which takes the focus itself. */
  onLeave: () => void;
}

/** Every key that does something here: those of all pages, and those of this one. */
export default function KeysDialog({ open, opener, onClose, onLeave }: KeysDialogProps) {
  const t = useTexts(texts);
  const { pathname } = useLocation();
  const singleKeys = useSingleKeys();
  const slash: readonly Chord[] = singleKeys ? [["/"]] : [];
  const everywhere: Shortcut[] = [
    { does: t.search, chords: [["Ctrl", "K"], ...slash] },
    ...(singleKeys ? [{ does: t.keys, chords: [["?"]] }] : []),
    { does: t.regions, chords: [["F6"]] },
    { does: t.regionsBack, chords: [[t.shift, "F6"]] },
    { does: t.leave, chords: [[t.escape]] },
  ];
  const inSearch: Shortcut[] = [
    { does: t.move, chords: [["↑"], ["↓"]] },
    { does: t.open, chords: [[t.enter]] },
    { does: t.openApart, chords: [["Ctrl", t.enter]] },
  ];
  return (
    <Dialog open={open} title={t.title} closeLabel={t.close} opener={opener} onClose={onClose}>
      <Group title={t.everywhere} shortcuts={everywhere} or={t.or} />
      {pathname === "/" ? (
        <Group title={t.inFavourites} shortcuts={[{ does: t.moveTile, chords: [["Alt", "↑"], ["Alt", "↓"]] }]} or={t.or} />
      ) : null}
      <Group title={t.inSearch} shortcuts={inSearch} or={t.or} />
      <p className="bs-small">
        {singleKeys ? t.single : t.singleOff}{" "}
        <Link className="bs-link" to="/reglages" onClick={onLeave}>
          {t.settings}
        </Link>
      </p>
    </Dialog>
  );
}

function Group({ title, shortcuts, or }: { title: string; shortcuts: readonly Shortcut[]; or: string }) {
  const id = useId();
  return (
    <section className="bs-keys" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <dl>
        {shortcuts.map(({ does, chords }) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>
              {chords.map((chord, index) => (
                <Fragment key={chord.join()}>
                  {index === 0 ? null : ` ${or} `}
                  <Keys chord={chord} />
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Keys({ chord }: { chord: Chord }) {
  return chord.map((key, index) => (
    <Fragment key={key}>
      {index === 0 ? null : " + "}
      <kbd className="bs-kbd">{key}</kbd>
    </Fragment>
  ));
}
