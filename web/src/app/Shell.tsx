import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Outlet, useLocation } from "react-router";

import { signOut, useSession } from "../features/identity/index.ts";
import { useSite } from "../features/portal/index.ts";
import { Palette } from "../features/search/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { applyLook } from "../lib/preferences/theme.ts";
import { ListShape, Notes } from "../ui/index.ts";
import { Arrival, useArrival } from "./Arrival.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Footer } from "./Footer.tsx";
import { OfflineBanner } from "./OfflineBanner.tsx";
import { Rail } from "./Rail.tsx";
import { texts } from "./texts.ts";
import { TopBar } from "./TopBar.tsx";
import { useLive } from "./useLive.ts";
import { useShortcuts } from "./useShortcuts.ts";

const KeysDialog = lazy(() => import("./KeysDialog.tsx"));

/** What stands around every page: it paints before any answer of the server. */
export function Shell() {
  const t = useTexts(texts);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // Each page waits and fails for itself; those of the administration are one.
  const page = pathname.startsWith("/administration") ? "/administration" : pathname;
  const look = useSite().data?.theme;
  const [searching, setSearching] = useState(false);
  const searchButton = useRef<HTMLButtonElement>(null);
  const guest = useSession().data?.guest !== undefined;
  const openSearch = useCallback(() => {
    if (!guest) setSearching(true);
  }, [guest]);
  const [keys, setKeys] = useState<"never" | "open" | "closed">("never");
  const keysOpener = useRef<HTMLElement>(null);
  const openKeys = useCallback(() => {
    keysOpener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setKeys("open");
  }, []);
  const onArrive = useArrival(main);
  useLive();
  useShortcuts({ openSearch, openKeys });
  useEffect(() => {
    if (look !== undefined) applyLook(look === "state" ? "state" : "neutral");
  }, [look]);

  return (
    <>
      <a className="bs-skip" href="#main" onClick={() => main.current?.focus()}>
        {t.skip}
      </a>
      <div className="bs-shell">
        <TopBar searchButton={searchButton} onSearch={openSearch} />
        <Rail />
        <div className="bs-main">
          <OfflineBanner />
          <div className="bs-page">
            <main id="main" ref={main} tabIndex={-1}>
              <ErrorBoundary inShell key={page}>
                <Suspense fallback={<ListShape label={t.loadingPage} />}>
                  <Outlet />
                  <Arrival onArrive={onArrive} />
                </Suspense>
              </ErrorBoundary>
            </main>
            <Footer />
          </div>
        </div>
      </div>
      <Notes undoLabel={t.undo} closeLabel={t.close} regionLabel={t.notes} />
      {searching ? (
        <Suspense>
          <Palette opener={searchButton} onClose={() => setSearching(false)} signOut={signOut} showKeys={openKeys} />
        </Suspense>
      ) : null}
      {keys === "never" ? null : (
        <Suspense>
          <KeysDialog
            open={keys === "open"}
            opener={keysOpener}
            onClose={() => setKeys("closed")}
            onLeave={() => {
              keysOpener.current = null;
              setKeys("closed");
            }}
          />
        </Suspense>
      )}
    </>
  );
}
