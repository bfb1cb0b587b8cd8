import { isUtf8 } from 'node:buffer';

/**
 * Bytes as one word of sh: bare where no character means anything to it, in single quotes, or, where a character could not be shown
 * on a terminal or is no UTF-8, made by printf from octal numbers. Takes no NUL and no newline at the end, which no path has.
 */
export function shellWord(bytes: Buffer | string): string {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  if (/^[\w./:=@%+,-]+$/.test(text)) return text;
  if (isUtf8(buffer) && /^[\x20-\x7e\p{L}\p{N}]*$/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  return `"$(printf '${[...buffer].map(printfByte).join('')}')"`;
}

function printfByte(byte: number): string {
  const character = String.fromCharCode(byte);
  // Not the minus: at the beginning it would be an option.
  if (/[\w./:=@+,]/.test(character)) return character;
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
