import type { ComponentProps, ReactNode } from "react";

type Kind = "primary" | "secondary" | "tertiary" | "plain";

const CLASSES: Record<Kind, string> = {
  primary: "fr-btn",
  secondary: "fr-btn fr-btn--secondary",
  tertiary: "fr-btn fr-btn--tertiary",
  plain: "fr-btn fr-btn--tertiary-no-outline",
};

type NativeButton = Omit<ComponentProps<"button">, "className">;

/** The kit's button. One filled (`primary`) button a screen; its label says the true result. */
export function Button({ kind = "secondary", small = false, ...rest }: NativeButton & { kind?: Kind; small?: boolean }) {
  return <button type="button" {...rest} className={small ? `${CLASSES[kind]} fr-btn--sm` : CLASSES[kind]} />;
}

/** A button of the bar, 36 px (44 on touch), named by `label`. */
export function IconButton({ label, wideOnly = false, children, ...rest }: NativeButton & { label: string; wideOnly?: boolean; children: ReactNode }) {
  return (
    <button
      type="button"
      {...rest}
      className={wideOnly ? "bs-icon-btn bs-wide-only" : "bs-icon-btn"}
      aria-label={label}
    >
      {children}
    </button>
  );
}
