import { useState } from "react";

import { Icon } from "../Icon.tsx";

interface CopyLineProps {
  text: string;
  copyLabel: string;
  copiedLabel: string;
}

/** A text to hand over, whole, with a button that copies it. */
export function CopyLine({ text, copyLabel, copiedLabel }: CopyLineProps) {
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
    <div className="bs-copy">
      <code className="bs-hash">{text}</code>
      {clipboard === undefined ? null : (
        <button type="button" className="bs-icon-btn" aria-label={copyLabel} onClick={() => void copy()}>
          <Icon name={copied ? "check-line" : "clipboard-line"} />
        </button>
      )}
      <span className="bs-sr" role="status">
        {copied ? copiedLabel : ""}
      </span>
    </div>
  );
}
