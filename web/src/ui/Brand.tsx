/** The bag: the mark of the neutral look. */
export function Brand() {
  return (
    <span className="bs-brand__mark">
      <svg
        viewBox="0 0 28 28"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
        aria-hidden="true"
      >
        <path d="M9 9V7a5 5 0 0 1 10 0v2" />
        <rect x="4" y="9" width="20" height="15" rx="3.5" />
        <path d="M4 13.5c2.6 2.6 6 4 10 4s7.4-1.4 10-4" />
        <path d="M14 15.6v4.2" strokeWidth="3" />
      </svg>
    </span>
  );
}
