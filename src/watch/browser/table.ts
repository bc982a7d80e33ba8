import { type Child, element, Part } from './element.js';

/** Column of a table. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Child;
  readonly isNumber?: boolean;
  /** Value with all of its digits; null if the row has none. A column without any value is left out. */
  readonly exact?: (row: Row) => number | null;
  /** Value by which rows can be sorted, if its reader may sort the table by this column; rows without one come last. */
  readonly order?: (row: Row) => number | string | null;
}

interface Content<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly sorting: Sorting | null;
}

interface Sorting {
  /** Head of the column that sorts the rows. */
  readonly head: string;
  readonly isDescending: boolean;
}

/**
 * Table whose first column names its rows. On narrow screens it scrolls sideways, also by keyboard: its frame keeps the
 * focus while the table inside is redrawn. Columns of numbers in which no row has a value are left out.
 */
export class Table<Row> {
  readonly node = element('div', { class: 'wide', tabindex: 0, role: 'region', hidden: true });
  readonly #columns: readonly Column<Row>[];
  readonly #table: Part<Content<Row>>;
  #sorting: Sorting | null = null;
  #caption = '';
  #rows: readonly Row[] = [];

  constructor(columns: readonly Column<Row>[]) {
    this.#columns = columns;
    this.#table = new Part<Content<Row>>(this.node, (content) =>
      content.rows.length === 0 ? [] : [drawn(content, (head) => this.#sortBy(head))],
    );
  }

  show(caption: string, rows: readonly Row[]): void {
    [this.#caption, this.#rows] = [caption, rows];
    const isUsed = ({ exact }: Column<Row>) => exact === undefined || rows.some((row) => exact(row) !== null);
    this.node.setAttribute('aria-label', caption);
    const columns = this.#columns.filter(isUsed);
    this.#table.show({ caption, columns, rows: sorted(rows, columns, this.#sorting), sorting: this.#sorting });
  }

  /** Sorts by a column, and in the other direction the next time. */
  #sortBy(head: string): void {
    const sorting = this.#sorting;
    this.#sorting = { head, isDescending: sorting?.head === head && !sorting.isDescending };
    this.show(this.#caption, this.#rows);
  }
}

function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sorting: Sorting | null): readonly Row[] {
  const order = columns.find(({ head }) => head === sorting?.head)?.order;
  if (order === undefined) return rows;
  const sign = sorting?.isDescending === true ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [order(one), order(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
  });
}

function drawn<Row>({ caption, columns, rows, sorting }: Content<Row>, onSort: (head: string) => void): HTMLElement {
  const heads = columns.map((column) => headOf(column, sorting, onSort));
  const lines = rows.map((row) => element('tr', {}, ...columns.map((column, k) => cellOf(column, row, k === 0))));
  const head = element('thead', {}, element('tr', {}, ...heads));
  return element('table', {}, element('caption', {}, caption), head, element('tbody', {}, ...lines));
}

function headOf<Row>(
  { head, order, isNumber = false }: Column<Row>,
  sorting: Sorting | null,
  onSort: (head: string) => void,
): HTMLElement {
  const attributes = { scope: 'col', class: isNumber ? 'number' : 'words' };
  if (order === undefined) return element('th', attributes, head);
  const button = element('button', { type: 'button', class: 'sort', id: `sort-${head.replaceAll(' ', '-')}` }, head);
  button.addEventListener('click', () => onSort(head));
  const direction = sorting?.isDescending === true ? 'descending' : 'ascending';
  return element('th', { ...attributes, 'aria-sort': sorting?.head === head ? direction : null }, button);
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
