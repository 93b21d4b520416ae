import { useState } from "react";

import { Icon } from "./Icon.tsx";

interface CopyTextProps {
  caption: string;
  text: string;
  copyLabel: string;
  copiedLabel: string;
}

/** A number that people read out or paste when they ask for help. */
export function CopyText({ caption, text, copyLabel, copiedLabel }: CopyTextProps) {
  const [copied, setCopied] = useState(false);
  // Absent outside a secure context: the text can still be selected.
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
    <p className="bs-req">
      {caption} <code className="bs-hash">{text}</code>
      {clipboard === undefined ? null : (
        <button type="button" className="bs-icon-btn" aria-label={copyLabel} onClick={() => void copy()}>
          <Icon name={copied ? "check-line" : "clipboard-line"} />
        </button>
      )}
      <span className="bs-sr" role="status">
        {copied ? copiedLabel : ""}
      </span>
    </p>
  );
}
