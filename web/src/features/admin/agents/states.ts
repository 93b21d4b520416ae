import type { BadgeTone } from "../../../ui/index.ts";
import type { AgentState } from "../api/shapes.ts";

/** How the state of an account is marked, beside its word. */
export const TONES: Record<AgentState, BadgeTone> = {
  active: "ok",
  pre_created: "info",
  suspended: "warn",
  departed: "neutral",
};
