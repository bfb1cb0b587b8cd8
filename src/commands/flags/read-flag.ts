import { UsageError } from './flags.ts';
import { parseDuration } from './parse-duration.ts';

/** What reads the text of a flag: each takes the flag's name for the message, and throws a UsageError that names it. */

/** What a reader of a flag throws becomes a line that names the flag. */
export function checked<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`--${name}: ${(error as Error).message}`, { cause: error });
  }
}

export function refuse(name: string, text: string, expected: string): never {
  throw new UsageError(`--${name}: Cannot use "${text}": expected ${expected}`);
}

export function notEmpty(name: string, text: string): string {
  return text === '' || text.includes('\0') ? refuse(name, text, 'a path') : text;
}

export function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : refuse(name, text, `a whole number from ${least} to ${most}`);
}

/** Milliseconds. */
export function duration(name: string, text: string): number {
  return checked(name, () => parseDuration(text));
}

export function oneOf<T extends string>(name: string, text: string, values: readonly T[]): T {
  return values.find((value) => value === text) ?? refuse(name, text, values.join(' or '));
}

export function regex(name: string, text: string | undefined): RegExp | undefined {
  return text === undefined ? undefined : checked(name, () => new RegExp(text, 'u'));
}
