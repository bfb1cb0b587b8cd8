/**
 * A text that may hold anything, such as an interface's name, as it may go to a terminal: control characters, those that turn the direction of
 * writing, and blanks other than a space become `\xHH` or `\u{HHHH}`. Line ends are kept if they are asked for. Throws nothing.
 */
export function printable(text: string, keep: 'lines' | 'nothing' = 'nothing'): string {
  return text.replace(/[\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ' || (character === '\n' && keep === 'lines')) return character;
    const code = character.codePointAt(0) as number;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
