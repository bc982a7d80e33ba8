import { type Child, element, Part } from './element.js';

/** Column of a table. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Child;
  readonly isNumber?: boolean;
  /** Value with all of its digits; null if the row has none. A column without any value is left out. */
  readonly exact?: (row: Row) => number | null;
}

interface Content<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/**
 * Table whose first column names its rows. On narrow screens it scrolls sideways, also by keyboard: its frame keeps the
 * focus while the table inside is redrawn. Columns of numbers in which no row has a value are left out.
 */
export class Table<Row> {
  readonly node = element('div', { class: 'wide', tabindex: 0, role: 'region', hidden: true });
  readonly #columns: readonly Column<Row>[];
  readonly #table: Part<Content<Row>>;

  constructor(columns: readonly Column<Row>[]) {
    this.#columns = columns;
    this.#table = new Part<Content<Row>>(this.node, (content) => (content.rows.length === 0 ? [] : [drawn(content)]));
  }

  show(caption: string, rows: readonly Row[]): void {
    const isUsed = ({ exact }: Column<Row>) => exact === undefined || rows.some((row) => exact(row) !== null);
    this.node.setAttribute('aria-label', caption);
    this.#table.show({ caption, columns: this.#columns.filter(isUsed), rows });
  }
}

function drawn<Row>({ caption, columns, rows }: Content<Row>): HTMLElement {
  const heads = columns.map(({ head, isNumber = false }) =>
    element('th', { scope: 'col', class: isNumber ? 'number' : 'words' }, head),
  );
  const lines = rows.map((row) => element('tr', {}, ...columns.map((column, k) => cellOf(column, row, k === 0))));
  const head = element('thead', {}, element('tr', {}, ...heads));
  return element('table', {}, element('caption', {}, caption), head, element('tbody', {}, ...lines));
}

function cellOf<Row>({ cell, exact, isNumber = false }: Column<Row>, row: Row, isHead: boolean): HTMLElement {
  const exactly = exact === undefined ? null : exact(row);
  const attributes = { class: isNumber ? 'number' : 'words', 'data-exact': exactly };
  return isHead ? element('th', { scope: 'row', ...attributes }, cell(row)) : element('td', attributes, cell(row));
}

/** Builds a column of numbers. */
export function number<Row>(head: string, digits: number, exact: (row: Row) => number | null): Column<Row> {
  const cell = (row: Row) => {
    const value = exact(row);
    return value === null
      ? '-'
      : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  };
  return { head, isNumber: true, cell, exact };
}
