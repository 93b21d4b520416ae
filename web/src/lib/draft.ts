import { useState } from "react";

const PREFIX = "besace-draft/";

/** What was kept under this key, if it can be read. */
function kept<Value>(key: string): Value | undefined {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? undefined : (JSON.parse(text) as Value);
  } catch {
    return undefined;
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Storage may be refused or full: the draft then lives as long as the page.
  }
}

/**
 * A form's content that survives a reload. The key names its agent: several may share a computer.
 * Gives the content, how to change it, and how to forget it once it is sent.
 */
export function useDraft<Value extends object>(key: string, empty: Value): [Value, (value: Value) => void, () => void] {
  const [value, setValue] = useState<Value>(() => ({ ...empty, ...kept<Value>(key) }));
  const change = (next: Value) => {
    setValue(next);
    keep(key, next);
  };
  const forget = () => {
    setValue(empty);
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // It was never kept.
    }
  };
  return [value, change, forget];
}

/** Forgets every draft of this browser: signing out, from any page, leaves nothing on a shared computer. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    }
  } catch {
    // Storage is refused: there is none.
  }
}
