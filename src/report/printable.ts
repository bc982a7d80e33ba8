/** Control characters except line feed and tab, and bidirectional marks: they would control a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the target
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Makes text from data (model or class names, messages of a zoo) safe to print: spells out control characters. */
export function plain(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
