// Guests: whom the reader invited, and, for administrators, whom their administration answers for.
import { lazy } from "react";

export const GuestsPage = lazy(() => import("./routes/GuestsPage.tsx"));
export const SponsoredGuests = lazy(() => import("./components/SponsoredGuests.tsx"));
