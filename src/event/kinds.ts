import type { EventKind } from './event.ts';
import { icmpv6NoReply } from './icmpv6-no-reply.ts';
import { sourceRouteAttempt } from './source-route-attempt.ts';
import { sourceRouteFailed } from './source-route-failed.ts';
import { sourceRouteOption } from './source-route-option.ts';

/**
 * The table of event kinds: a fifth kind is one file and one row here. Metrics, page and tests follow the table. Takes the
 * prefixes of the netfilter LOG lines that count.
 */
export function eventKinds(netfilterLogPrefixes: readonly string[]): readonly EventKind[] {
  return [icmpv6NoReply, sourceRouteFailed, sourceRouteOption, sourceRouteAttempt(netfilterLogPrefixes)];
}
