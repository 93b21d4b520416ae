import { Component, type ReactNode } from "react";

import { currentLocale } from "../i18n/locale.ts";
import { report } from "../lib/client-errors.ts";
import { Button, Placeholder } from "../ui/index.ts";
import { texts } from "./texts.ts";

/** What cannot be drawn says so instead of staying blank: one page inside the shell, and the shell itself. */
export class ErrorBoundary extends Component<{ children: ReactNode; inShell?: boolean }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch() {
    report("render");
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    const t = texts[currentLocale()];
    const words = (
      <Placeholder icon="question-line" tone="error" title={t.brokenPage}>
        <p>{t.brokenPageText}</p>
        <div className="bs-actions">
          <Button kind="primary" onClick={() => location.reload()}>
            {t.reload}
          </Button>
        </div>
      </Placeholder>
    );
    return this.props.inShell ? words : <main className="bs-page">{words}</main>;
  }
}
