type Plain = Record<string, unknown>;

/**
 * Data with all keys of older data that it does not have, at every depth: what a later release wrote is kept through an earlier one.
 * Lists are replaced as a whole.
 */
export function keepUnknown<T>(older: unknown, newer: T): T {
  if (!isPlain(older) || !isPlain(newer)) return newer === undefined ? (older as T) : newer;
  const merged: Plain = { ...older };
  for (const [key, value] of Object.entries(newer)) merged[key] = keepUnknown(older[key], value);
  return merged as T;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
