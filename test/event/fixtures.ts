import { readFileSync } from 'node:fs';

const FIXTURES = new URL('../fixtures/kernel/', import.meta.url);

/** A genuine capture, one character a byte. */
export function capture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'latin1');
}

/** Its messages: the text of each record of a kmsg capture, whoever wrote it, with the number before it. */
export function kmsgMessages(name: string): { facility: number; message: string }[] {
  return capture(name)
    .split('\n')
    .flatMap((line) => {
      const [, prefix, message] = /^(\d+),\d+,\d+,[^;]*;(.*)$/.exec(line) ?? [];
      return message === undefined ? [] : [{ facility: Math.floor(Number(prefix) / 8), message }];
    });
}
