/** Parses a line that may be JSON among others; null if it is none. */
export function jsonLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
