/** One record of /dev/kmsg. */
export interface KmsgRecord {
  /** 0 is the kernel. User space can write records, but never of facility 0 (kernel/printk/printk.c devkmsg_write). */
  readonly facility: number;
  readonly sequence: number;
  /** Since boot, by the clock of printk, which stops during suspend. */
  readonly microseconds: number;
  /** The text with its escapes: no byte that user space or a device put there can end it or split it. */
  readonly message: string;
}

/**
 * Parses one record as a read() of the device gives it, or one line of a capture of it; undefined if it has not the form
 * (Documentation/ABI/testing/dev-kmsg):
 *
 *     6,410,82740959,-,caller=T12;IPv4: source route option 198.51.100.20 -> 192.0.2.1
 *      SUBSYSTEM=net
 *     │ │   │        │ └ more fields, ignored      └ dictionary lines begin with a space, ignored
 *     │ │   │        └ `c` or `+`: maybe a fragment of a line. The kernel says that this hint is not always right, so the text decides
 *     │ │   └ microseconds since boot
 *     │ └ sequence number, 64 bits: none is skipped
 *     └ facility * 8 + level
 */
export function parseKmsg(record: string): KmsgRecord | undefined {
  const match = HEADER.exec(record);
  if (match === null) return undefined;
  const sequence = Number(match[2]);
  if (!Number.isSafeInteger(sequence)) return undefined;
  const end = record.indexOf('\n', match[0].length);
  return {
    facility: Number(match[1]) >>> 3,
    sequence,
    microseconds: Number(match[3]),
    message: record.slice(match[0].length, end < 0 ? undefined : end),
  };
}

const HEADER = /^(\d{1,9}),(\d{1,20}),(\d{1,20}),[-c+](?:,[^;\n]*)?;/;

/** The text of a record for a person: `\xHH` undone, UTF-8 decoded. Takes and gives a string; never used for matching. */
export function unescapeKmsg(message: string): string {
  const bytes = message.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
