import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { LineKernel } from '../../../src/scan/lines/line-kernel.ts';
import { LINE_KERNEL_CODE } from '../../../src/scan/lines/line-kernel-code.ts';

describe('LineKernel', () => {
  it('passes over lines that begin like another and hold no word', () => {
    const kernel = new LineKernel(['a word']);
    const text = 'header 1 host: nothing\nheader 2 other: nothing\nheader 3 host: a word\nheader x host: nothing\n';
    const start = kernel.textStart;
    const end = start + kernel.bytes.write(text, start, 'latin1');
    kernel.add({ header: 'header 0 host: ', host: [9, 13], sequence: undefined });
    kernel.add({ header: 'header 0 other: ', host: [9, 14], sequence: undefined });
    expect(kernel.next(start, end)).toBe(
      start + 'header 1 host: nothing\nheader 2 other: nothing\nheader 3 host: a word'.length,
    );
    expect({ template: kernel.lineTemplate, holds: kernel.lineHolds }).toEqual({ template: 0, holds: true });
    expect([kernel.takePassed(0), kernel.takePassed(1), kernel.takePassed(0)]).toEqual([1, 1, 0]);
    const next = kernel.next(end - 'header x host: nothing\n'.length, end);
    expect({ next, template: kernel.lineTemplate, holds: kernel.lineHolds }).toEqual({
      next: end - 1,
      template: -1,
      holds: false,
    });
    expect(kernel.next(end, end)).toBe(-1);
  });
});

describe('the code of the line kernel', () => {
  it('is what line-kernel.wat compiles to', async () => {
    const text = readFileSync('src/scan/lines/line-kernel.wat', 'utf8');
    const { buffer } = (await wabt()).parseWat('line-kernel.wat', text, { simd: true }).toBinary({});
    expect(LINE_KERNEL_CODE, 'run node build/compile-line-kernel.mjs').toBe(Buffer.from(buffer).toString('base64'));
  });
});
