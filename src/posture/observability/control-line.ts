/** The two events that the kernel prints by a call site of pr_debug, which dynamic debug switches on and off. */
export type DebugEvent = 'icmpv6_no_reply' | 'source_route_failed';

/** What names a call site among the thousands of a control file. */
interface CallSite {
  readonly file: string;
  /** A part of the format without a character that the file escapes. */
  readonly format: string;
}

const CALL_SITES: Readonly<Record<DebugEvent, CallSite>> = {
  icmpv6_no_reply: { file: 'net/ipv6/icmp.c', format: 'no reply to icmp error' },
  source_route_failed: { file: 'net/ipv4/icmp.c', format: 'Source Route Failed' },
};

/**
 * Finds the flags of an event's call site in the text of a dynamic-debug control file, such as `_`, `p` or `pmflt`; the
 * message is printed if `p` is among them. Returns `undefined` if the kernel has no such call site, or not yet: that of a
 * module is there while the module is loaded. Pure; throws nothing. The lines are printed by ddebug_proc_show
 * (lib/dynamic_debug.c):
 *
 *     net/ipv4/icmp.c:967 [icmp]icmp_unreach =p "%pI4: Source Route Failed\n"
 *     file:line           [module]function   =flags "format" and what newer kernels add
 *
 * A file built outside of the kernel's tree, or by a kernel before 3.7, has more path in front.
 */
export function controlFlags(control: Buffer, event: DebugEvent): string | undefined {
  const { file, format } = CALL_SITES[event];
  const form = new RegExp(`^(?:\\S*/)?${file.replace('.', '\\.')}:\\d+ \\[[^\\]]*\\]\\S+ =(\\S+) "[^"]*${format}`);
  let found: string | undefined;
  // By needle: splitting a megabyte into lines would cost more than all the rest of a scrape.
  for (let at = control.indexOf(format); at >= 0; at = control.indexOf(format, at + 1)) {
    const start = control.lastIndexOf('\n', at) + 1;
    const flags = form.exec(control.toString('latin1', start, at + format.length))?.[1];
    if (flags?.includes('p')) return flags;
    found ??= flags;
  }
  return found;
}
