// Compiles src/scan/lines/line-kernel.wat to src/scan/lines/line-kernel-code.ts, which is kept beside it: a test says when it is not what the text
// compiles to.
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/scan/lines/line-kernel.wat', import.meta.url);
const target = new URL('../src/scan/lines/line-kernel-code.ts', import.meta.url);
const parsed = (await wabt()).parseWat('line-kernel.wat', readFileSync(source, 'utf8'), { simd: true });
const code = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
writeFileSync(
  target,
  `/** line-kernel.wat as WebAssembly, in base64: \`node build/compile-line-kernel.mjs\` makes it. */\nexport const LINE_KERNEL_CODE =\n  '${code}';\n`,
);
