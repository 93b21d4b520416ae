import type { MouseEventHandler, ReactNode } from "react";
import { Link } from "react-router";

import { isOwnPage } from "../lib/navigation.ts";

interface ActionLinkProps {
  /** A path of ours, or an address elsewhere. */
  to: string;
  className?: string;
  onClick?: MouseEventHandler<HTMLAnchorElement>;
  children: ReactNode;
}

/** A link given by the server: a page of the application opens in place, anything else as a link. */
export function ActionLink({ to, children, ...rest }: ActionLinkProps) {
  if (isOwnPage(to)) {
    return (
      <Link to={to} {...rest}>
        {children}
      </Link>
    );
  }
  return (
    <a href={to} {...rest}>
      {children}
    </a>
  );
}
