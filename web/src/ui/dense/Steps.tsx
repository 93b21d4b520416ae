/** Where one stands in a work of several steps. */
export function Steps({ label, steps, current }: { label: string; steps: readonly string[]; current: number }) {
  return (
    <ol className="bs-list bs-steps" aria-label={label}>
      {steps.map((step, index) => (
        <li key={step} aria-current={index === current ? "step" : undefined}>
          <i aria-hidden="true">{index + 1}</i>
          {step}
        </li>
      ))}
    </ol>
  );
}
