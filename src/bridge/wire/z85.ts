const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Returns the bytes of a text in Z85 (ZeroMQ's RFC 32): five characters are four bytes. */
export function fromZ85(text: string): Buffer {
  const groups = text.match(/.{5}/g) ?? [];
  const bytes = Buffer.alloc(4 * groups.length);
  groups.forEach((group, k) => {
    const value = [...group].reduce((sum, digit) => sum * DIGITS.length + DIGITS.indexOf(digit), 0);
    bytes.writeUInt32BE(value, 4 * k);
  });
  return bytes;
}

/** Returns the text in Z85 of bytes, whose number must be a multiple of four. */
export function toZ85(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let value = bytes.readUInt32BE(at);
    let group = '';
    for (let k = 0; k < 5; k += 1) {
      group = DIGITS.charAt(value % DIGITS.length) + group;
      value = Math.floor(value / DIGITS.length);
    }
    text += group;
  }
  return text;
}
