import type { CheckRow } from './check-row.ts';
import type { Finding } from './findings/finding.ts';
import type { Readings } from './readings.ts';
import { count, verb } from './render/names.ts';
import { takingSourceRoutes } from './taking-source-routes.ts';

/** The answer in a word and in a sentence. */
export interface Verdict {
  readonly verdict: 'compliant' | 'violating' | 'unknown';
  readonly summary: string;
}

/** Judges a host: it is compliant only if everything could be read and nothing falls short. Pure; throws nothing. */
export function judgeHost(
  findings: readonly Finding[],
  rows: readonly CheckRow[],
  { posture, rules, boot }: Readings,
): Verdict {
  const has = (severity: string) => findings.some((finding) => finding.severity === severity);
  // Of a boot that is unknown the summary says so itself.
  const isUnread = findings.some(({ severity, kind }) => severity === 'unknown' && kind !== 'boot_applier');
  const isBootKnown = boot.applier !== 'unknown';
  if (isUnread && !has('violation')) {
    return {
      verdict: 'unknown',
      summary: 'whether this host keeps the policy cannot be told: not all of it could be read.',
    };
  }
  const isKept = !has('violation');
  const looksAtIPv4 = rules.some(({ family, sysctl }) => family === 'ipv4' && sysctl === 'accept_source_route');
  const parts = [looksAtIPv4 ? sourceRoutes(rows, posture.interfaces) : '', values(rows, isBootKnown)].filter(
    (part) => part !== '',
  );
  const accepting = [
    ...takingSourceRoutes(rows, 'runtime', 'accepts'),
    ...takingSourceRoutes(rows, 'persisted', 'accepts'),
  ];
  const and = !isKept && accepting.length === 0 ? ', but ' : ', and ';
  return {
    verdict: !isKept ? 'violating' : isBootKnown ? 'compliant' : 'unknown',
    summary: `${parts.join(and)}.${isUnread ? ' Not all could be read.' : ''}`,
  };
}

function sourceRoutes(rows: readonly CheckRow[], interfaces: number): string {
  const now = takingSourceRoutes(rows, 'runtime', 'accepts').length;
  const of = `of ${count(interfaces, 'interface')}`;
  if (now > 0) return `${now} ${of} ${verb(now, 'accepts', 'accept')} source-routed IPv4 packets`;
  const later = takingSourceRoutes(rows, 'persisted', 'accepts').length;
  const refused = `source-routed IPv4 packets are refused on ${takingSourceRoutes(rows, 'runtime', 'refuses').length} ${of}`;
  return later > 0 ? `${refused}, but ${later} will accept them after a boot` : refused;
}

function values(rows: readonly CheckRow[], isBootKnown: boolean): string {
  const short = (...scopes: ('runtime' | 'effective' | 'persisted')[]) =>
    rows.filter((row) => scopes.some((scope) => row[scope]?.compliant === false)).length;
  const now = short('runtime', 'effective');
  const later = short('persisted');
  const falls = (number: number) => `${count(number, 'value')} ${verb(number, 'falls', 'fall')} short of the policy`;
  if (!isBootKnown) {
    const present = now === 0 ? 'every value is as the policy wants it now' : `${falls(now)} now`;
    return `${present}; after a reboot: cannot tell`;
  }
  if (now === 0 && later === 0) return 'every value is as the policy wants it, now and after a boot';
  if (now === 0) return `${falls(later)} after a boot`;
  return `${falls(now)} now, ${later === 0 ? 'none' : later} after a boot`;
}
