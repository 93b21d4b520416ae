import { type RefObject, useCallback, useEffect, useRef } from "react";
import { useLocation } from "react-router";

/** What to do on arriving at a page: the focus goes to its title, as a browser's own navigation would. The first page keeps the browser's own focus. */
export function useArrival(main: RefObject<HTMLElement | null>): (pathname: string) => void {
  const arrived = useRef<string>(undefined);
  return useCallback(
    (pathname) => {
      const before = arrived.current;
      arrived.current = pathname;
      if (before === undefined || before === pathname) return;
      scrollTo(0, 0);
      (main.current?.querySelector("h1") ?? main.current)?.focus({ preventScroll: true });
    },
    [main],
  );
}

/** Beside the page, in the same wait: it tells once the page is there. */
export function Arrival({ onArrive }: { onArrive: (pathname: string) => void }) {
  const { pathname } = useLocation();
  useEffect(() => onArrive(pathname), [pathname, onArrive]);
  return null;
}
