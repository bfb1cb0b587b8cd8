/** A line of a syslog file that is one `source_route_option` event. Takes the sender. */
export function eventLine(source: string): string {
  return `2026-11-22T09:41:35.971413+00:00 host kernel: IPv4: source route option ${source} -> 192.0.2.1\n`;
}

/** The same as a record of /dev/kmsg. Takes its sequence number too. */
export function eventRecord(source: string, sequence: number): string {
  return `6,${sequence},${sequence * 1000},-;IPv4: source route option ${source} -> 192.0.2.1\n`;
}
