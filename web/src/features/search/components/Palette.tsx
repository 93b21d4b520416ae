import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";

import "../../../ui/styles/palette.css";

import { useTexts } from "../../../i18n/dictionary.ts";
import { isOwnPage, navigation } from "../../../lib/navigation.ts";
import { Icon } from "../../../ui/index.ts";
import { sayOpened } from "../../portal/index.ts";
import { type Option, useOptions } from "../hooks/useOptions.ts";
import { useSearch } from "../hooks/useSearch.ts";
import { texts } from "../texts.ts";
import { Foot, Troubles } from "./PaletteParts.tsx";
import { PaletteOption } from "./PaletteOption.tsx";

interface PaletteProps {
  /** Where the focus goes back. */
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
  signOut: () => void;
  /** Shows what each key does. */
  showKeys: () => void;
}

/**
 * One field for tools, people, announcements and commands: a combobox whose list is beneath it.
 * The focus stays in the field; the arrows move the chosen line.
 */
export default function Palette({ opener, onClose, signOut, showKeys }: PaletteProps) {
  const t = useTexts(texts);
  const id = useId();
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const leaves = useRef(false);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = useSearch(typed);
  const groups = useOptions(typed, found, { signOut, showKeys });
  const options = groups.flatMap((group) => group.options);
  const current = Math.min(chosen, options.length - 1);
  const idOf = (option: Option | undefined) => (option === undefined ? undefined : `${id}-${options.indexOf(option)}`);

  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  useEffect(() => {
    dialog.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
    // The chosen line is read from the page.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [current]);

  const go = (option: Option, elsewhere: boolean) => {
    const { link, act, tool } = option;
    if (tool !== undefined) sayOpened(tool);
    if (link !== undefined && elsewhere) {
      open(link, "_blank", "noopener");
      return;
    }
    leaves.current = link !== undefined && isOwnPage(link);
    dialog.current?.close();
    if (act !== undefined) act();
    else if (link !== undefined && leaves.current) void navigate(link);
    else if (link !== undefined) navigation.go(link);
  };

  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = options.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: current >= last ? 0 : current + 1,
      ArrowUp: current <= 0 ? last : current - 1,
      PageDown: Math.min(last, current + 6),
      PageUp: Math.max(0, current - 6),
    };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setChosen(move);
    }
    const option = options[current];
    if (event.key === "Enter" && !event.nativeEvent.isComposing && option !== undefined) {
      event.preventDefault();
      go(option, event.ctrlKey || event.metaKey);
    }
  };

  const closed = () => {
    onClose();
    // A page that is gone to takes the focus itself.
    if (!leaves.current) opener.current?.focus();
  };
  const outside = (event: MouseEvent) => {
    if (event.target === event.currentTarget) dialog.current?.close();
  };

  return (
    // The backdrop is a way to close for the mouse only: the keyboard has Escape.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog ref={dialog} className="bs-palette" aria-labelledby={`${id}-title`} onClose={closed} onClick={outside}>
      <div className="bs-palette__box">
        <h2 className="bs-sr" id={`${id}-title`}>
          {t.title}
        </h2>
        <div className="bs-palette__in">
          <Icon name="search-line" />
          <input
            type="text"
            role="combobox"
            aria-label={t.field}
            placeholder={t.field}
            aria-autocomplete="list"
            aria-expanded={options.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={idOf(options[current])}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setChosen(0);
            }}
            onKeyDown={keys}
          />
          <button type="button" className="bs-kbd" onClick={() => dialog.current?.close()}>
            {t.escape}
          </button>
        </div>
        <div className="bs-palette__list" id={`${id}-list`} role="listbox" aria-label={t.results} tabIndex={-1}>
          {groups.map((group) => (
            <div key={group.key} role="group" aria-labelledby={`${id}-${group.key}`}>
              <h3 id={`${id}-${group.key}`} role="presentation">
                {group.title}
              </h3>
              {group.options.map((option) => (
                <PaletteOption
                  key={option.key}
                  id={idOf(option) ?? ""}
                  option={option}
                  query={typed}
                  selected={option === options[current]}
                  onPoint={() => setChosen(options.indexOf(option))}
                  onChoose={(event) => go(option, event.ctrlKey || event.metaKey)}
                />
              ))}
            </div>
          ))}
        </div>
        <Troubles typed={typed} found={found} empty={options.length === 0} />
        <Foot found={found} count={options.length} />
      </div>
    </dialog>
  );
}
