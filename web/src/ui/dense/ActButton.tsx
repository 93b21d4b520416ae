import type { ComponentProps } from "react";

import { Button } from "../Button.tsx";

type ActButtonProps = Omit<ComponentProps<typeof Button>, "disabled"> & {
  /** It does nothing now: under way, or nothing to do. It keeps the focus, unlike a disabled one. */
  off: boolean;
};

/** A button whose act is sometimes impossible. */
export function ActButton({ off, onClick, ...rest }: ActButtonProps) {
  return <Button {...rest} aria-disabled={off} onClick={(event) => (off ? undefined : onClick?.(event))} />;
}
