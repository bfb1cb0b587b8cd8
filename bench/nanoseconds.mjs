const ROUND_MS = 60;
const ROUNDS = 7;

/** Where results go, so that no call can be left out as useless. */
let sink = 0;

/**
 * Nanoseconds that functions take for one of the inputs: the median round of each, in turns, so that a slow moment of the machine
 * meets all of them.
 * @template T
 * @param {readonly T[]} inputs
 * @param {readonly ((input: T) => unknown)[]} functions
 * @returns {number[]}
 */
export function nanoseconds(inputs, functions) {
  const passes = functions.map((measured) => calibrate(inputs, measured));
  /** @type {number[][]} */
  const rounds = functions.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    functions.forEach((measured, n) => {
      const count = passes[n] ?? 1;
      rounds[n]?.push((time(inputs, measured, count) * 1e6) / (count * inputs.length));
    });
  }
  if (Number.isNaN(sink)) throw new Error('Nothing was measured');
  return rounds.map((values) => values.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN);
}

/** How many passes over the inputs make a round; they warm the function up. @template T @param {readonly T[]} inputs @param {(input: T) => unknown} measured */
function calibrate(inputs, measured) {
  let passes = 1;
  while (time(inputs, measured, passes) < ROUND_MS) passes *= 2;
  return passes;
}

/** Milliseconds. @template T @param {readonly T[]} inputs @param {(input: T) => unknown} measured @param {number} passes */
function time(inputs, measured, passes) {
  const start = performance.now();
  for (let pass = 0; pass < passes; pass++) {
    for (const input of inputs) if (measured(input) !== undefined) sink = (sink + 1) | 0;
  }
  return performance.now() - start;
}
