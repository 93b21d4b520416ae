import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { useLocation } from "react-router";

import { signOut, useSession } from "../features/identity/index.ts";
import { Palette } from "../features/search/index.ts";
import { Layout } from "./Layout.tsx";
import { OfflineBanner } from "./OfflineBanner.tsx";
import { Rail } from "./Rail.tsx";
import { TopBar } from "./TopBar.tsx";
import { useLive } from "./useLive.ts";
import { useShortcuts } from "./useShortcuts.ts";

const KeysDialog = lazy(() => import("./KeysDialog.tsx"));

/** What stands around every page: it paints before any answer of the server. */
export function Shell() {
  const { pathname } = useLocation();
  // Each page waits and fails for itself; those of the administration are one.
  const page = pathname.startsWith("/administration") ? "/administration" : pathname;
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
  useLive();
  useShortcuts({ openSearch, openKeys });

  return (
    <>
      <Layout
        bar={<TopBar searchButton={searchButton} onSearch={openSearch} />}
        rail={<Rail />}
        banner={<OfflineBanner />}
        page={page}
      />
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
