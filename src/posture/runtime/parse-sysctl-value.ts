// As proc_dointvec (kernel/sysctl.c) prints one int: no blanks, no leading zeros, at most ten digits and a newline.
const DECIMAL = /^(?:0|-?[1-9]\d{0,9})\n?$/;

/** Takes the text of a sysctl file, returns its integer, or `undefined` if it is anything else. Throws nothing. */
export function parseSysctlValue(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}
