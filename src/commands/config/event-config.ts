import { type KnownSenders, knownSenders } from '../../event/origin.ts';
import type { LedgerBounds } from '../../ledger/ledger.ts';
import type { EVENT_FLAGS } from '../flags/event-flags.ts';
import type { FlagValues } from '../flags/flags.ts';
import { checked, duration, integer, refuse } from '../flags/read-flag.ts';

/** What counts as an event, and how many addresses are named. */
export interface EventConfig {
  readonly logPrefixes: readonly string[];
  readonly bounds: LedgerBounds;
  readonly known: KnownSenders;
}

/** Checks the flags of events. Throws UsageError naming the flag. */
export function eventConfig(flags: FlagValues<typeof EVENT_FLAGS>): EventConfig {
  return {
    logPrefixes: flags['netfilter.log-prefix'].map(logPrefix),
    bounds: {
      maxSources: integer('sources.max', flags['sources.max'], 1, 10_000),
      expireAfterSeconds: duration('sources.expire-after', flags['sources.expire-after']) / 1000,
      ipv4SubnetBits: integer('sources.ipv4-subnet', flags['sources.ipv4-subnet'], 0, 32),
      ipv6SubnetBits: integer('sources.ipv6-subnet', flags['sources.ipv6-subnet'], 0, 128),
    },
    known: checked('sources.known', () => knownSenders(flags['sources.known'])),
  };
}

/** The kernel's limits are 29 bytes for xt_LOG and 127 for nftables. An empty prefix would count every LOG line there is. */
function logPrefix(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (text.trim() === '' || bytes > 127) refuse('netfilter.log-prefix', text, '1 to 127 bytes that are not all blank');
  return text;
}
