import { type ReactNode, Suspense, useEffect, useRef } from "react";
import { Outlet } from "react-router";

import { useSite } from "../features/portal/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { applyLook } from "../lib/preferences/theme.ts";
import { ListShape, Notes } from "../ui/index.ts";
import { Arrival, useArrival } from "./Arrival.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Footer } from "./Footer.tsx";
import { texts } from "./texts.ts";

interface LayoutProps {
  bar: ReactNode;
  rail: ReactNode;
  /** Above the page. */
  banner?: ReactNode;
  /** Pages of one key fail together. */
  page?: string;
}

/** The frame of every page: the way to the content, the bar, the rail, the page, the footer. */
export function Layout({ bar, rail, banner, page }: LayoutProps) {
  const t = useTexts(texts);
  const main = useRef<HTMLElement>(null);
  const look = useSite().data?.theme;
  const onArrive = useArrival(main);
  useEffect(() => {
    if (look !== undefined) applyLook(look === "state" ? "state" : "neutral");
  }, [look]);
  return (
    <>
      <a className="bs-skip" href="#main" onClick={() => main.current?.focus()}>
        {t.skip}
      </a>
      <div className="bs-shell">
        {bar}
        {rail}
        <div className="bs-main">
          {banner}
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
    </>
  );
}
