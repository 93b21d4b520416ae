import { Fragment } from "react";
import { Link } from "react-router";

interface BreadcrumbProps {
  label: string;
  /** From the top; the last one is the page itself. */
  steps: readonly { label: string; to?: string }[];
}

/** Where the page stands. */
export function Breadcrumb({ label, steps }: BreadcrumbProps) {
  return (
    <nav className="bs-crumb" aria-label={label}>
      {steps.map((step, index) => (
        <Fragment key={step.label}>
          {index === 0 ? null : <span aria-hidden="true">/</span>}
          {step.to === undefined ? <span aria-current="page">{step.label}</span> : <Link to={step.to}>{step.label}</Link>}
        </Fragment>
      ))}
    </nav>
  );
}
