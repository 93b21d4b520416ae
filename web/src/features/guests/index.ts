// Guests: whom the reader invited, and, for administrators, whom their administration answers for.
import { lazy } from "react";

export const Guests = lazy(() => import("./routes/Guests.tsx"));
