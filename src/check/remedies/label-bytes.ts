/** The bytes that a label stands for, of an interface or a file: the way back from interfaceLabel. Throws nothing. */
export function labelBytes(label: string): Buffer {
  const parts = label.split(/(\\x[\da-f]{2})/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))),
  );
}
