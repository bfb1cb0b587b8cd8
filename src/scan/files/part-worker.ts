import { parentPort, workerData } from 'node:worker_threads';
import { LineJudge } from '../lines/line-judge.ts';
import { LineScanner } from '../lines/line-scanner.ts';
import { Findings } from '../report/findings.ts';
import type { PartAnswer, PartRequest, WorkerData } from './part-helper.ts';
import { scanPart } from './scan-part.ts';

// A thread that scans parts of files, one after the other, as it is asked to, and says at last what it found in all of them.
const { logPrefixes, nowMs, bits } = workerData as WorkerData;
const judge = new LineJudge(logPrefixes, nowMs);
const scanner = new LineScanner(judge);
const findings = new Findings(judge.kinds, bits);
const listener = { onEvent: findings.add.bind(findings) };

parentPort?.on('message', (request: PartRequest | 'finish') => {
  if (request === 'finish') {
    const found = findings.take();
    const buffers = found.flatMap(({ sources, subnets }) =>
      [sources, subnets].flatMap((c) => [c.keys.buffer, c.counts.buffer]),
    );
    parentPort?.postMessage({ found } satisfies PartAnswer, buffers);
  } else {
    parentPort?.postMessage(answer(request));
  }
});

function answer({ fd, start, end }: PartRequest): PartAnswer {
  try {
    return { part: scanPart(fd, start, end, scanner, listener) };
  } catch (error) {
    return { error: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}
