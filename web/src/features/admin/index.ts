// Administration: tools, requests, announcements, agents, organisation and identity providers of
// an administration. A chunk of its own, mounted under `/administration/*`.
import { lazy } from "react";

// Marked pure: neither of the two applications carries the other’s pages.
export const AdminApp = /* @__PURE__ */ lazy(() => import("./AdminApp.tsx"));

/** What administrators of a provider without a portal use. */
export const ProviderAdmin = /* @__PURE__ */ lazy(() => import("./accounts/ProviderAdmin.tsx"));
