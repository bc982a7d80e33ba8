/** What moves a terminal's cursor, recolours it or turns text around: control characters but for line break and tab, and bidirectional marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text that comes from data (names of models and classes, messages of a zoo), safe to print: what a terminal would obey is spelt out. */
export function plain(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
