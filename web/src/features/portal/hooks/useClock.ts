import { useEffect, useState } from "react";

const MINUTE = 60_000;

/**
 * The present moment by the server's clock, kept by the browser's: a wrong clock on a desk does
 * not change what the page says. Moves with each minute.
 */
export function useClock(serverNow: number, receivedAt: number): number {
  const present = () => serverNow + (Date.now() - receivedAt);
  const [now, setNow] = useState(present);
  useEffect(() => {
    const read = () => serverNow + (Date.now() - receivedAt);
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setNow(read());
      timer = setTimeout(tick, MINUTE - (read() % MINUTE));
    };
    tick();
    return () => clearTimeout(timer);
  }, [serverNow, receivedAt]);
  return now;
}
