import { plain } from './printable';

/** Returns the columns of the terminal on standard output; 80 where that is a file or a pipe. */
export function terminalWidth(): number {
  return process.stdout.columns || 80;
}

/** Returns the width of messages on a stream; a file or a pipe gets each in one line. */
export function messageWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
}

/** A word, or all that stands between backticks: a command broken over lines could not be pasted. */
const WORD = /(?:`[^`\n]*`|\S)+/g;

/** Breaks a sentence into lines of at most `letters` characters; a longer word gets a line of its own. */
export function lines(text: string, letters: number): string[] {
  const cut: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    const last = cut[cut.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= letters) cut[cut.length - 1] = `${last} ${word}`;
    else cut.push(word);
  }
  return cut;
}

/** Makes text safe to print and breaks each of its lines at the width of the terminal. */
export function wrapped(text: string, width = terminalWidth()): string {
  const paragraphs = plain(text).split('\n');
  return paragraphs.map((paragraph) => lines(paragraph, width).join('\n')).join('\n');
}
