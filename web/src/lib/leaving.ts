// Signing out: what must not stay on a shared computer goes before the page does.

const actions = new Set<() => void>();

/** Does this when the agent signs out. Returns how to take it back. */
export function onLeave(action: () => void): () => void {
  actions.add(action);
  return () => actions.delete(action);
}

/** The agent signs out now. */
export function leave(): void {
  for (const action of actions) action();
}
