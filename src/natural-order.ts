/** Compares names for sorting, with numbers by value: `tier1-2` before `tier1-10`. */
export function naturally(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
