import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

import { Avatar } from "../Avatar.tsx";
import type { Described } from "./described.ts";
import { Under } from "./Under.tsx";

/** What can be chosen. */
export interface Option {
  id: string;
  label: string;
  detail?: string | undefined;
  /** Of a person: drawn in a circle. */
  initials?: string | undefined;
}

interface ComboboxProps extends Described {
  label: ReactNode;
  value: Option | undefined;
  onChange: (value: Option | undefined) => void;
  /** What the text finds, best first. */
  options: readonly Option[];
  /** The text changed by hand: the caller answers with `options`. */
  onQuery: (query: string) => void;
  /** The search is under way, or brought nothing: what to say instead of options. */
  message: string | undefined;
  placeholder?: string;
  /** Names the open list. */
  listLabel: string;
}

/** A text that chooses in a list under it (ARIA combobox with list autocompletion). */
export function Combobox(props: ComboboxProps) {
  const { label, value, onChange, options, onQuery, message, placeholder, listLabel, hint, error } = props;
  const id = useId();
  const [text, setText] = useState<string>();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const shown = text ?? value?.label ?? "";
  const current = open ? options[active] : undefined;

  useEffect(() => {
    // Absent in some test engines.
    list.current?.children[active]?.scrollIntoView?.({ block: "nearest" });
  }, [active]);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const choose = (option: Option) => {
    setText(undefined);
    onQuery("");
    onChange(option);
    close();
  };
  const typed = (next: string) => {
    setText(next);
    onQuery(next);
    setOpen(next.trim() !== "");
    setActive(-1);
    if (next === "") onChange(undefined);
  };
  // A text that chose nothing is not kept: the field would seem filled.
  const left = () => {
    setText(undefined);
    close();
  };
  const move = (step: number) => {
    setOpen(true);
    const { length } = options;
    if (length > 0) setActive((at) => (at < 0 ? (step > 0 ? 0 : length - 1) : (at + step + length) % length));
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const chosen = current ?? (options.length === 1 ? options[0] : undefined);
      if (chosen !== undefined) choose(chosen);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      left();
    }
  };

  return (
    <div className={error === undefined ? "fr-input-group bs-combo" : "fr-input-group fr-input-group--error bs-combo"}>
      <label className="fr-label" htmlFor={id}>
        {label}
      </label>
      <div className="bs-combo__box">
        <input
          id={id}
          className="fr-input"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={current === undefined ? undefined : `${id}-${current.id}`}
          aria-describedby={hint === undefined && error === undefined ? undefined : `${id}-under`}
          aria-invalid={error === undefined ? undefined : true}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={shown}
          onChange={(event) => typed(event.target.value)}
          onKeyDown={pressed}
          onBlur={left}
        />
        <div className="bs-pop" hidden={!open}>
          <div className="bs-pop__list" id={`${id}-list`} ref={list} role="listbox" aria-label={listLabel}>
            {options.map((option) => (
              // The keyboard chooses from the field: the focus never comes here.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={option.id}
                id={`${id}-${option.id}`}
                className="bs-found"
                role="option"
                tabIndex={-1}
                aria-selected={option === current}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(option)}
              >
                {option.initials === undefined ? null : <Avatar initials={option.initials} />}
                <span>
                  <b>{option.label}</b>
                  {option.detail === undefined ? null : <small>{option.detail}</small>}
                </span>
              </div>
            ))}
          </div>
          {message === undefined ? null : <p className="bs-pop__none">{message}</p>}
        </div>
      </div>
      <span className="bs-sr" role="status">
        {open ? message : ""}
      </span>
      <Under id={`${id}-under`} hint={hint} error={error} />
    </div>
  );
}
