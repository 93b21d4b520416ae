// The reader's own account: where they are signed in, and what others have of them.
import { lazy } from "react";

export const AccountPage = lazy(() => import("./routes/AccountPage.tsx"));
