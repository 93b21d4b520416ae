// The reader's own settings.
import { lazy } from "react";

export const SettingsPage = lazy(() => import("./routes/SettingsPage.tsx"));
