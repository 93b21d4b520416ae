import { useState } from "react";

import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

interface CopyButtonProps {
  text: string;
  copyLabel: string;
  copiedLabel: string;
  /** Stands among other buttons, where a picture alone would say nothing. */
  written?: boolean;
}

/** Puts a text on the clipboard. Absent outside a secure context: the text can still be selected. */
export function CopyButton({ text, copyLabel, copiedLabel, written = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const clipboard: Clipboard | undefined = navigator.clipboard;
  const copy = async () => {
    try {
      await clipboard?.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <>
      {clipboard === undefined ? null : written ? (
        <Button small onClick={() => void copy()}>
          {copyLabel}
        </Button>
      ) : (
        <button type="button" className="bs-icon-btn" aria-label={copyLabel} onClick={() => void copy()}>
          <Icon name={copied ? "check-line" : "clipboard-line"} />
        </button>
      )}
      <span className="bs-sr" role="status">
        {copied ? copiedLabel : ""}
      </span>
    </>
  );
}

/** A number that people read out or paste when they ask for help. */
export function CopyText({ caption, ...button }: CopyButtonProps & { caption: string }) {
  return (
    <p className="bs-req">
      {caption} <code className="bs-hash">{button.text}</code>
      <CopyButton {...button} />
    </p>
  );
}
