/** A promise to be settled from outside, for a scrape that hangs until the test lets it go. */
export function signal<Value = void>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
