/** The kernel copies a number of at most this many characters, with its sign (TMPBUFLEN - 1). */
const LONGEST = 20;
const INT_MAX = 2 ** 31 - 1;

// The kernel's isspace() has the no-break space of Latin-1, too. A number ends at a blank or at the end.
const WRITTEN = /^[\t-\r \xa0]*(-?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)(?=[ \t\n]|$)/;

/**
 * What the kernel makes of a text written to a sysctl that holds one int: the first of its integers, decimal, octal
 * (`010`) or hexadecimal (`0x0`). Returns undefined where it refuses the text with EINVAL and keeps the old value.
 * Takes bytes in latin1. Throws nothing. By proc_dointvec (kernel/sysctl.c: proc_get_long, strtoul_lenient).
 */
export function parseWrittenInt(text: string): number | undefined {
  const [, sign = '', digits = ''] = WRITTEN.exec(text) ?? [];
  if (digits === '' || sign.length + digits.length > LONGEST) return undefined;
  const isOctal = /^0\d/.test(digits);
  const magnitude = Number(BigInt(isOctal ? `0o${digits.slice(1)}` : digits));
  if (magnitude > INT_MAX + sign.length) return undefined;
  return sign === '' || magnitude === 0 ? magnitude : -magnitude;
}
