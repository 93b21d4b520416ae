import type { ReactNode } from "react";

import { Button } from "../Button.tsx";

/** One column: the first with `head` names its row. */
export interface Column<Row> {
  key: string;
  title: string;
  head?: boolean;
  /** The title is for screen readers only: a column of buttons. */
  quiet?: boolean;
  cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** What the table holds and in which order; read by screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Whether a row is the one whose details are open beside. */
  current?: (row: Row) => boolean;
}

/** A dense table that keeps its header and becomes cards on a narrow screen. */
export function DataTable<Row>({ caption, columns, rows, keyOf, current }: DataTableProps<Row>) {
  return (
    // A region that scrolls must be reachable by keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="bs-tablewrap" tabIndex={0} role="region" aria-label={caption}>
      <table className="bs-table">
        <caption className="bs-sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                {column.quiet ? <span className="bs-sr">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} aria-current={current?.(row) ? true : undefined}>
              {columns.map((column) =>
                column.head ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} data-label={column.quiet ? undefined : column.title}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PagerProps {
  /** How much is shown. */
  summary: string;
  moreLabel: string;
  more: (() => void) | undefined;
  busy?: boolean;
}

/** The foot of a table: what is shown, and the rest. */
export function Pager({ summary, moreLabel, more, busy = false }: PagerProps) {
  return (
    <div className="bs-pager">
      <span role="status">{summary}</span>
      {more === undefined ? null : (
        <Button kind="tertiary" small aria-disabled={busy} onClick={() => (busy ? undefined : more())}>
          {moreLabel}
        </Button>
      )}
    </div>
  );
}
