const DANGEROUS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]/gu;

/** A text as it may be shown: nothing of it can act on a terminal, end the line or turn the direction of text. */
export function printable(text: string): string {
  return text.replace(DANGEROUS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same of a text of a log, one character a byte. */
export function printableBytes(bytes: string): string {
  return printable(Buffer.from(bytes, 'latin1').toString('utf8'));
}
