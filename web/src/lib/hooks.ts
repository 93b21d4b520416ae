import { useEffect, useState } from "react";

const PATIENCE_MS = 300;

/** True once a wait has lasted long enough to be worth showing. */
export function useLongWait(waiting: boolean): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [waiting]);
  return waiting && long;
}

/** The page's title in the tab, followed by the product's name. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Besace`;
  }, [title]);
}

/** A title that comes after its page takes the focus that arriving could only give to the page. */
export function useLateTitle(there: boolean): void {
  useEffect(() => {
    const main = document.querySelector("#main");
    if (there && document.activeElement === main) main?.querySelector("h1")?.focus({ preventScroll: true });
  }, [there]);
}

/** A value that follows another once it has been still for a while. */
export function useDebounced<Value>(value: Value, pause: number): Value {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return still;
}

const MINUTE = 60_000;

/** The present by the browser's clock, UTC milliseconds; moves with each minute. */
export function usePresent(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}
