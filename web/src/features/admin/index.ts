// Administration: tools, requests, announcements, agents, organisation and identity providers of
// an administration. A chunk of its own, mounted under `/administration/*`.
import { lazy } from "react";

export const AdminApp = lazy(() => import("./AdminApp.tsx"));
