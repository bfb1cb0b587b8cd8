import { LineJudge, type Sighting } from '../lines/line-judge.ts';
import { type LineListener, LineScanner } from '../lines/line-scanner.ts';
import { Findings, type SubnetBits } from '../report/findings.ts';
import { PartHelper } from './part-helper.ts';

/** What scanning needs. */
export interface CrewOptions {
  readonly logPrefixes: readonly string[];
  readonly bits: SubnetBits;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Ends the scanning early. */
  readonly signal: AbortSignal;
  /** Told of each event in the order of the logs, instead of counting it: then there is but one thread. */
  readonly onEvent?: ((sighting: Sighting) => void) | undefined;
  /** Told of each line that may matter: then there is but one thread, and every line is looked at. */
  readonly onLine?: LineListener['onLine'];
  /** Told how many bytes more were read. */
  readonly onProgress: (bytes: number) => void;
  /** Whether another thread may help. */
  readonly isHelped: boolean;
}

/** All who take part in scanning logs, one log after the other. */
export interface ScanCrew {
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
  /** This thread's. */
  readonly scanner: LineScanner;
  readonly listener: LineListener;
  /** The thread that helps, begun when it is first asked for; undefined if none may. */
  helper(): PartHelper | undefined;
  /** What was found by all; their work ends with that. */
  finish(): Promise<Findings>;
}

/** Gets everybody together. */
export function gatherCrew(options: CrewOptions): ScanCrew {
  const { logPrefixes, nowMs, bits, signal, onProgress, onEvent, onLine } = options;
  const judge = new LineJudge(logPrefixes, nowMs);
  const findings = new Findings(judge.kinds, bits);
  const isHelped = options.isHelped && onEvent === undefined && onLine === undefined;
  let helper: PartHelper | undefined;
  return {
    signal,
    onProgress,
    scanner: new LineScanner(judge, onLine !== undefined),
    listener: {
      onEvent: onEvent ?? ((sighting) => findings.add(sighting)),
      onLine,
    },
    helper() {
      if (isHelped) helper ??= new PartHelper({ logPrefixes, nowMs, bits });
      return helper;
    },
    async finish() {
      if (helper !== undefined) findings.merge(await helper.finish());
      return findings;
    },
  };
}
