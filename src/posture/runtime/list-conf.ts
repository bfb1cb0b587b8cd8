import { readdirSync } from 'node:fs';
import { interfaceLabel } from './interface-name.ts';

/** One entry of a `conf` directory. */
export interface Listed {
  label: string;
  /** The name in bytes, as it is opened by. */
  name: Buffer;
}

/**
 * Lists a `conf` directory in byte order, `all` and `default` among the interfaces. Throws an Error of one line that names
 * the path; its cause is the error of the listing.
 */
export function listConf(conf: string): Listed[] {
  // The kernel's listing can hold a name twice while interfaces come and go; labels tell names apart.
  const entries = new Map(list(conf).map((name) => [interfaceLabel(name), name]));
  return [...entries].map(([label, name]) => ({ label, name }));
}

function list(conf: string): Buffer[] {
  try {
    return readdirSync(conf, { encoding: 'buffer' });
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new Error(`Cannot list ${JSON.stringify(conf)}: ${code}`, { cause });
  }
}
