import { closeSync, openSync, readSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { parseFibTrie } from './parse-fib-trie.ts';
import { parseIfInet6 } from './parse-if-inet6.ts';

// Some 10,000 routes, at 50 bytes each and usually printed twice (Main and Local are one trie until there are routing
// rules). A router with a full table has a million of them: 100 MB of text for a handful of own addresses.
const READ_LIMIT_BYTES = 1024 * 1024;
const buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads the addresses of this host's own network namespace, so that what it sent itself can be told from the rest.
 * `canonical` brings an address into the one form that is compared, or drops it (`undefined`). IPv6 is from
 * `<procfs>/net/if_inet6`, IPv4 from `<procfs>/net/fib_trie`. What is missing or unreadable only makes the set smaller.
 * Throws nothing that `canonical` does not throw.
 */
export function readOwnAddresses(procfs: string, canonical: (address: string) => string | undefined): Set<string> {
  const trie = readBounded(`${procfs}/net/fib_trie`);
  const found = [
    ...parseFibTrie(trie.text),
    // Own addresses may stand beyond the limit, so the system is asked as well. Not in the first place: it knows only
    // the namespace of this process, only interfaces that are up, and no address that is routed here without being set.
    ...(trie.complete ? [] : configuredIpv4()),
    ...parseIfInet6(readBounded(`${procfs}/net/if_inet6`).text),
  ];
  return new Set(found.flatMap((address) => canonical(address) ?? []));
}

function configuredIpv4(): string[] {
  try {
    return Object.values(networkInterfaces()).flatMap((addresses = []) =>
      addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
    );
  } catch {
    return [];
  }
}

// The file's text up to the limit. Its size is unknown before the reading: procfs says 0.
function readBounded(path: string): { text: string; complete: boolean } {
  let text = '';
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    let read = -1;
    while (read !== 0 && text.length <= READ_LIMIT_BYTES) {
      read = readSync(descriptor, buffer, 0, buffer.length, null);
      text += buffer.toString('latin1', 0, read);
    }
  } catch {
    // What was read before the error is true all the same.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return { text, complete: text.length <= READ_LIMIT_BYTES };
}
