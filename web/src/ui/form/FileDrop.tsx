import { type DragEvent, type ReactNode, useId, useState } from "react";

import { Icon } from "../Icon.tsx";

interface FileDropProps {
  /** What the field asks for: its visible words are its name. */
  label: string;
  hint: ReactNode;
  /** As the `accept` attribute of the platform. */
  accept: string;
  disabled?: boolean;
  onFile: (file: File) => void;
}

/** A file, dropped on the surface or chosen from the machine: one native field, so that keys and voice work. */
export function FileDrop({ label, hint, accept, disabled = false, onFile }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined && !disabled) onFile(file);
  };
  return (
    // The drop is a shortcut of the mouse: the field inside does the same.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={over ? "bs-drop bs-drop--over" : "bs-drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <input
        type="file"
        id={id}
        accept={accept}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // Emptied, so that the same file mended elsewhere can be chosen again.
          event.target.value = "";
          if (file !== undefined) onFile(file);
        }}
      />
      <label htmlFor={id}>
        <Icon name="upload-2-line" size={28} />
        {label}
      </label>
      <p className="bs-under" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
