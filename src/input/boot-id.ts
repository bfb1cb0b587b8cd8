import { readFileSync } from 'node:fs';

/** What tells this boot from any other (Documentation/admin-guide/sysctl/kernel.rst, random); empty where it cannot be read. */
export function readBootId(procfs: string): string {
  try {
    return readFileSync(`${procfs}/sys/kernel/random/boot_id`, 'latin1').trim();
  } catch {
    return '';
  }
}
