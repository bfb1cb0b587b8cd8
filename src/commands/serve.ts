import type { RequestListener } from 'node:http';
import { canonicalAddress } from '../event/address.ts';
import type { EventKind } from '../event/event.ts';
import { eventKinds } from '../event/kinds.ts';
import { originOf } from '../event/origin.ts';
import { eventParser } from '../event/parse-event.ts';
import { SUPPRESSED } from '../event/suppressed.ts';
import { createScrape } from '../exposition/scrape.ts';
import type { Input } from '../input/record.ts';
import { Ledger } from '../ledger/ledger.ts';
import { createLog } from '../log/log.ts';
import { countEvents, type Stages } from '../pipeline/count-events.ts';
import { eventLog } from '../pipeline/event-log.ts';
import { readHostNetworkNamespace } from '../posture/namespace.ts';
import { readOwnAddresses } from '../posture/own-addresses/own-addresses.ts';
import { readPolicy } from '../posture/policy/read-policy.ts';
import { createApp } from '../web/app.ts';
import { listen } from '../web/server.ts';
import type { Readiness } from '../web/site.ts';
import type { ServeConfig } from './config/serve-config.ts';
import type { Environment } from './environment.ts';
import { cachedReading } from './serving/cached-reading.ts';
import type { CatchUp } from './serving/catch-up.ts';
import { openMemory } from './serving/memory.ts';
import { type Inputs, openInputs } from './serving/open-inputs.ts';
import type { OpenedWebConfig } from './serving/open-web-config.ts';
import { reloadable } from './serving/reloadable.ts';
import { startWarnings } from './serving/start-warnings.ts';
import { status } from './serving/status.ts';
import { snapshotTaker } from './serving/take-snapshot.ts';

/** Runs the exporter until the signal, guarded if a web configuration says how. Gives the exit code: 0 after a clean stop, 1 if it could not listen. */
export async function serve(config: ServeConfig, environment: Environment, web?: OpenedWebConfig): Promise<number> {
  const { signal, now, monotonic, build } = environment;
  const log = createLog(config.logLevel, config.logFormat, environment.stderr, now);

  const kinds = eventKinds(config.logPrefixes);
  const ledger = new Ledger(kinds, config.bounds);
  const ownAddresses = cachedReading(
    () => readOwnAddresses(config.procfs, canonicalAddress),
    () => monotonic() * 1000,
  );
  const stages: Stages = {
    parseEvent: eventParser(kinds),
    originOf: (address) => originOf(address, ownAddresses(), config.known),
    ledger,
    onEvent: config.logEvents ? eventLog(log, now) : () => {},
    log,
    now,
    monotonic,
  };
  const memory = await openMemory(config, environment, log);
  // Before anything is read: what cannot run says why, and nothing else.
  let app: RequestListener = () => {};
  const onError = (message: string) => log.error(message);
  const guarded = web?.guard(log, environment);
  const handler: RequestListener = (request, response) => app(request, response);
  const server = await listen(handler, config.listenAddresses, {}, onError, guarded?.protection);
  log.info('Starting srcroute-exporter', build);

  memory.restore(ledger);
  const following: Promise<void>[] = [];
  const follow = (input: Input) => following.push(countEvents(input, stages, signal));
  const inputs = openInputs(config, wordsOf(kinds), memory.inputs, { now, monotonic }, log, follow, signal);
  const catchUp = memory.remember(ledger, inputs, signal);
  const { policyFile } = config;
  const policy =
    policyFile === undefined ? undefined : reloadable(policyFile, config.rules, () => readPolicy(policyFile), log, now);
  const configFiles = [policy, guarded?.file].filter((file) => file !== undefined);
  environment.onHangup(() => {
    if (configFiles.length === 0) log.info('Nothing to reload: no configuration file is given');
    for (const file of configFiles) file.reload();
  });
  const rules = () => policy?.current ?? config.rules;
  const snapshot = snapshotTaker(config, environment, rules, configFiles, ledger, inputs, memory, log);

  const scrape = createScrape(snapshot);
  app = createApp({
    telemetryPath: config.telemetryPath,
    maxRequests: config.maxRequests,
    version: build.version,
    scrape: async () => {
      if (!catchUp.done) return CATCHING_UP;
      await memory.settle();
      return scrape();
    },
    readiness: () => readiness(inputs, catchUp),
    status: () => status(snapshot()),
    onError,
  });
  for (const address of server.addresses) log.info('Listening', { address });
  for (const warning of startWarnings(
    config,
    inputs.list().map(({ name }) => name),
    environment.uid,
  ))
    log.warn(warning);
  if (readHostNetworkNamespace(config.procfs) === 0) {
    log.warn(
      "The network namespace is not the host's: sysctls and own addresses are those of a container; use the host's network",
    );
  }

  await stopped(signal, following);
  log.info('Stopping');
  await Promise.all([server.close(), Promise.all(following).then(() => memory.close())]);
  return 0;
}

/** Words one of which stands in every message that counts. */
function wordsOf(kinds: readonly EventKind[]): string[] {
  return [...kinds.flatMap(({ needles }) => needles), SUPPRESSED];
}

const CATCHING_UP = {
  status: 503 as const,
  contentType: 'text/plain; charset=utf-8',
  body: 'Catching up with the log after a restart: values would be lower than before. Try again later.\n',
};

/** Until the signal; rejects when an input's pipeline breaks, which no log can make it do. */
function stopped(signal: AbortSignal, following: readonly Promise<void>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
    for (const pipeline of following) pipeline.catch(reject);
  });
}

/** Ready when every log is read: one that is not is what a probe must see. */
function readiness(inputs: Inputs, catchUp: CatchUp): Readiness {
  if (!catchUp.done) return { ready: false, reason: 'Not ready: catching up with the log after a restart' };
  const down = inputs.list().filter(({ stats }) => !stats.up);
  return down.length === 0
    ? { ready: true, reason: 'Ready' }
    : { ready: false, reason: `Not ready: cannot read ${down.map(({ name }) => name).join(', ')}` };
}
