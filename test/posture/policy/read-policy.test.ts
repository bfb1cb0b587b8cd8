import { mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPolicy } from '../../../src/posture/policy/read-policy.ts';
import { makeRoot } from '../make-proc.ts';

const RULE = 'rules:\n  - sysctl: rp_filter\n    expect: 1\n';

function file(content: string | Buffer): string {
  const path = `${makeRoot()}/policy.yaml`;
  writeFileSync(path, content);
  return path;
}

it('reads a file, with the mark of byte order too', () => {
  const expected = [{ family: 'ipv4', sysctl: 'rp_filter', expect: 1, combine: 'max', references: [] }];
  expect(readPolicy(file(RULE))).toEqual(expected);
  expect(readPolicy(file(`\ufeff${RULE}`))).toEqual(expected);
  expect(readPolicy(file(RULE.replaceAll('\n', '\r\n')))).toEqual(expected);
});

it('reads up to 64 KiB', () => {
  const padded = `${RULE}#${' '.repeat(64 * 1024 - RULE.length - 1)}`;
  expect(readPolicy(file(padded))).toHaveLength(1);
  const path = file(`${padded} `);
  expect(() => readPolicy(path)).toThrow(new Error(`Cannot read ${path}: larger than 65536 bytes`));
});

it('gives up on a file without an end', () => {
  expect(() => readPolicy('/dev/zero')).toThrow('Cannot read /dev/zero: larger than 65536 bytes');
});

it.each([
  ['', '1: Wrong policy, nothing: allowed is a mapping with rules'],
  [Buffer.from([0xff, 0xfe, 0x72, 0x00]), '1: Not UTF-8'],
  [Buffer.concat([Buffer.from(RULE), Buffer.from([0x23, 0xe9])]), '4: Not UTF-8'],
  [Buffer.concat([Buffer.from([0x23, 0xe9]), Buffer.from(`\n${RULE}`)]), '1: Not UTF-8'],
  [`${RULE}\0`, '4: A NUL character: this is no text'],
])('refuses %j', (content, message) => {
  const path = file(content);
  expect(() => readPolicy(path)).toThrow(new SyntaxError(`${path}:${message}`));
});

it('names what is no file', () => {
  const root = makeRoot();
  mkdirSync(`${root}/directory`);
  expect(() => readPolicy(`${root}/directory`)).toThrow(new Error(`Cannot read ${root}/directory: EISDIR`));
  expect(() => readPolicy(`${root}/nowhere`)).toThrow(new Error(`Cannot read ${root}/nowhere: ENOENT`));
});

it('says in one line what is wrong with any bytes', () => {
  const path = file('');
  const pieces = fc.constantFrom(
    'rules:',
    '\n',
    '  - ',
    'sysctl: rp_filter',
    'expect: ',
    '[1, ',
    '{',
    '&a ',
    '*a',
    '\t',
    '\0',
    '"',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array)),
    fc.array(pieces, { maxLength: 30 }).map((array) => Buffer.from(array.join(''))),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      writeFileSync(path, content);
      try {
        return readPolicy(path).length > 0;
      } catch (error) {
        return error instanceof SyntaxError && error.message.startsWith(`${path}:`) && !error.message.includes('\n');
      }
    }),
    { numRuns: 500 },
  );
});
