/**
 * Takes the text of /proc/net/fib_trie (fib_trie_seq_show, net/ipv4/fib_trie.c), returns this host's own IPv4 addresses
 * as dotted quads, each once, in order. A leaf is one address and, below it, a line for each route to it:
 *
 *     |-- 192.0.2.2
 *        /32 host LOCAL
 *
 * Own is what has a LOCAL route of exactly /32: `127.0.0.0` with `/8 host LOCAL` is a range and no address. Text that
 * ends in the middle gives what comes before. Pure; throws nothing.
 */
export function parseFibTrie(text: string): string[] {
  const addresses = new Set<string>();
  let leaf: string | undefined;
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    // The trie's inner nodes (`+--`) and the tables' names (`Main:`) end a leaf.
    if (!words[0]?.startsWith('/')) leaf = words[0] === '|--' ? words[1] : undefined;
    else if (leaf !== undefined && words[0] === '/32' && words[1] === 'host' && words[2] === 'LOCAL')
      addresses.add(leaf);
  }
  return [...addresses];
}
