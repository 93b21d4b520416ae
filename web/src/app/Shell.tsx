import { useEffect, useRef } from "react";
import { Outlet, useLocation } from "react-router";

import { useSite } from "../features/portal/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { useOnline } from "../lib/hooks.ts";
import { applyLook } from "../lib/preferences/theme.ts";
import { Icon } from "../ui/index.ts";
import { Footer } from "./Footer.tsx";
import { Rail } from "./Rail.tsx";
import { texts } from "./texts.ts";
import { TopBar } from "./TopBar.tsx";

/** What stands around every page: it paints before any answer of the server. */
export function Shell() {
  const t = useTexts(texts);
  const main = useRef<HTMLElement>(null);
  const look = useSite().data?.theme;
  useFocusOnArrival(main);
  useEffect(() => {
    if (look !== undefined) applyLook(look === "state" ? "state" : "neutral");
  }, [look]);

  return (
    <>
      <a className="bs-skip" href="#main" onClick={() => main.current?.focus()}>
        {t.skip}
      </a>
      <div className="bs-shell">
        <TopBar />
        <Rail />
        <div className="bs-main">
          <OfflineBanner />
          <div className="bs-page">
            <main id="main" ref={main} tabIndex={-1}>
              <Outlet />
            </main>
            <Footer />
          </div>
        </div>
      </div>
    </>
  );
}

/** After a change of page the focus goes to its title, as a browser's own navigation would. */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    scrollTo(0, 0);
    (main.current?.querySelector("h1") ?? main.current)?.focus({ preventScroll: true });
  }, [pathname, main]);
}

function OfflineBanner() {
  const t = useTexts(texts);
  const online = useOnline();
  return (
    <div role="status">
      {online ? null : (
        <p className="bs-offline">
          <Icon name="wifi-off-line" />
          {t.offline}
        </p>
      )}
    </div>
  );
}
