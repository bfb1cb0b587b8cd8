// What must be undone however the benchmarks end: processes, temporary files, settings of the kernel.

/** @type {Set<() => void>} */
const pending = new Set();
process.on('exit', () => {
  for (const undo of [...pending].reverse()) attempt(undo);
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => process.exit(130));
}

/**
 * Takes what undoes something, synchronously; gives what does so now. It is done once.
 * @param {() => void} undo
 */
export function atExit(undo) {
  pending.add(undo);
  return () => {
    if (pending.delete(undo)) undo();
  };
}

/** One that fails must not keep the others from being done. @param {() => void} undo */
function attempt(undo) {
  try {
    undo();
  } catch (error) {
    console.error(`Cannot clean up: ${error}`);
  }
}
