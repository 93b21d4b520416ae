import { type ReactNode, useId } from "react";

/** What stands under a field. The error takes the place of the hint: one thing to read at a time. */
export interface Described {
  hint?: ReactNode;
  error?: string | undefined;
}

/** The ids that tie a field to its label and to what stands under it. */
export function useFieldIds({ hint, error }: Described): { id: string; under: string; describedBy: string | undefined } {
  const id = useId();
  const under = `${id}-under`;
  const described = hint !== undefined || error !== undefined;
  return { id, under, describedBy: described ? under : undefined };
}
