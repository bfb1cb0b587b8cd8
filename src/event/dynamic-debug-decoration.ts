/** Where a debug message is printed from: what dynamic debug's flags `m`, `f` and `s` put before it. Regular expressions. */
export interface CallSite {
  readonly module: string;
  readonly function: string;
  readonly file: string;
}

/**
 * Source of a regular expression for what dynamic debug's `+pmfslt` puts before a message, which may be nothing:
 *
 *     <intr> ipv6:icmp6_send:net/ipv6/icmp.c:541: IPv6: icmp6_send: …
 *     t      m    f          s               l
 *
 * The parts are those of the message's own call site, so that another driver's `foo:bar: ` is no decoration of ours.
 * Format: `__dynamic_emit_prefix()` in the kernel's lib/dynamic_debug.c.
 */
export function dynamicDebugDecoration(site: CallSite): string {
  const parts = `(?:${site.module}:)?(?:${site.function}:)?(?:${site.file}:)?(?:\\d+:)?`;
  return `(?:<intr> |\\[\\d+\\] )?(?:(?=\\S)${parts} )?`;
}
