import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSysctlValue } from '../../../src/posture/runtime/parse-sysctl-value.ts';

it('reads every C int as the kernel prints it', () => {
  fc.assert(fc.property(fc.integer(), (value) => parseSysctlValue(`${value}\n`) === value));
});

it.each([
  '',
  '\n',
  ' 1\n',
  '1 \n',
  '1\t2\n',
  '01\n',
  '-0\n',
  '+1\n',
  '0x0\n',
  '1\n\n',
  '1.0\n',
  'yes\n',
  '12345678901\n',
])('takes %j for no value', (text) => {
  expect(parseSysctlValue(text)).toBeUndefined();
});
