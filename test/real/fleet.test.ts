import { expect, it } from 'vitest';
import { RULES, readProjectFile } from '../alerts/rule-file.ts';
import { watch } from '../e2e/boards/watch.ts';
import { fleetCost } from '../e2e/fleet-cost.ts';
import { federatedSelectors } from '../e2e/fleet-docs.ts';
import {
  expectFigures,
  type Figures,
  firing,
  hostBoard,
  hostStates,
  overview,
  pendingOrFiring,
} from '../e2e/fleet-figures.ts';
import { quietDay } from '../e2e/fleet-history.ts';
import { type Member, startFleet } from '../e2e/fleet-hosts.ts';
import { shorten } from '../e2e/live/shorten.ts';
import { type ExposedSample, parseExposition } from '../e2e/parse-exposition.ts';
import { describeReal } from '../e2e/required.ts';

/** Shorter than the shortest windows of the rules, 5 s once every duration is divided by 60. */
const INTERVAL = '2s';
const PROBE_EVERY_MS = 1_000;
/** Takes a minute and a half on two cores. */
const LIMIT_MS = 300_000;
const AT_REST = 21;
const AT_MOST = 35;

describeReal('50 exporters and one Prometheus, with every duration divided by 60', { commands: ['prometheus'] }, () => {
  it('are counted and judged as they are, and cost what was promised', { timeout: LIMIT_MS }, async () => {
    const fleet = await startFleet();
    const of = (kind: string) => fleet.filter((member) => member.kind === kind);
    const targets = fleet.map(({ exporter }) => exporter.address);
    const rules = shorten(readProjectFile(RULES));
    const history = quietDay(targets, Date.now() / 1000);
    const prometheus = await watch(targets, {
      ...{ interval: INTERVAL, rules, history },
      flags: ['--query.lookback-delta=5s'],
    });
    const expectFleet = (figures: Figures) => expectFigures(prometheus, figures);
    const [router, ...others] = of('router') as [Member, ...Member[]];

    // Nobody attacks; the fleet is as it is.
    await expectFleet({
      'job:srcroute_hosts:count': 50,
      ...hostStates({ compliant: 17, latent: 26, accepting: 5, 'cannot be told': 2 }),
      'job:srcroute_noncompliant_hosts:count': 31,
      // Three routers with three interfaces each, a host that drifted, and a VLAN.
      [overview('Accept source routes')]: 11,
      [firing('Accepted')]: 5,
      [hostBoard('Accepts source routes', router.exporter.address)]: 3,
      // Two logs that are not there, and two hosts whose sysctls cannot be read.
      [overview('Hosts not reporting')]: 4,
      'job:srcroute_blind_hosts:count': 2,
      [firing('LogReaderDown')]: 2,
      [firing('ForeignNamespace')]: 2,
      [overview('Distinct sources')]: 0,
      [firing('Attempts')]: 0,
    });
    // All of a host that a Prometheus in the middle would take, and what is of the fleet.
    const federated = await federate(prometheus.url);
    expect(federated.filter(({ labels }) => labels.instance === targets[0])).toHaveLength(AT_REST + 1);
    expect(federated.length).toBeLessThan((AT_REST + 2) * targets.length);
    const quiet = await fleetCost(prometheus, rules);
    expect(await description('FleetNotCompliant')).toContain('31 of 50 hosts');

    // A quarter of the fleet, but one: it is no attack on all.
    const debian = of('debian-12');
    const probed = [router, ...others, ...debian.slice(0, 9)];
    const stops = [probing(probed, (index) => [`198.51.100.${index + 1}`])];
    await expectFleet({
      'job:srcroute_probed_hosts:count': 12,
      [firing('Attempts')]: 12,
      [firing('AcceptedUnderProbe')]: 3,
      [overview('Distinct sources')]: 12,
      [pendingOrFiring('FleetWide')]: 0,
      [firing('Scan')]: 0,
    });

    // One more host, and many more senders than it has places for.
    const many = Array.from({ length: 150 }, (_, index) => `203.0.${index}.113`);
    stops.push(probing(debian.slice(9, 10), () => many));
    await expectFleet({
      'job:srcroute_probed_hosts:count': 13,
      [firing('FleetWide')]: 1,
      [firing('Scan')]: 1,
      [overview('Distinct sources')]: 112,
    });
    expect(await description('FleetWide')).toContain('26% of the hosts');
    const attacked = await fleetCost(prometheus, rules);
    for (const stop of stops) stop();

    // More than a fifth cannot be watched.
    await Promise.all(debian.slice(-9).map(({ exporter }) => exporter.kill()));
    await expectFleet({
      ...hostStates({ compliant: 17, latent: 17, accepting: 5, 'cannot be told': 2, 'not scraped': 9 }),
      'job:srcroute_hosts:count': 50,
      'job:srcroute_blind_hosts:count': 11,
      [overview('Hosts not reporting')]: 13,
      [firing('ExporterDown')]: 9,
      [firing('FleetBlind')]: 1,
      [pendingOrFiring('FleetWide')]: 0,
    });

    console.info(JSON.stringify({ quiet, attacked }, undefined, 1));
    expect(quiet.recorded.most).toBe(AT_REST);
    expect(attacked.recorded.most).toBeLessThanOrEqual(AT_MOST);

    async function description(name: string): Promise<string> {
      const alerts = await prometheus.alerts();
      return alerts.find(({ labels }) => labels.alertname === `SourceRouting${name}`)?.annotations.description ?? '';
    }
  });
});

/** What docs/fleet.md federates. */
async function federate(url: string): Promise<ExposedSample[]> {
  const selectors = federatedSelectors().map((selector): [string, string] => ['match[]', selector]);
  const text = await (await fetch(`${url}/federate?${new URLSearchParams(selectors)}`)).text();
  // Federated samples carry their time, and no HELP.
  return parseExposition(text.replace(/^# TYPE (\S+)/gm, '# HELP $1 federated\n$&').replace(/ \d+$/gm, ''));
}

/** Sends each host packets from its senders, again and again. Gives what stops it. */
function probing(members: readonly Member[], senders: (index: number) => readonly string[]): () => void {
  const timer = setInterval(() => {
    for (const [index, member] of members.entries()) member.probe(senders(index));
  }, PROBE_EVERY_MS);
  return () => clearInterval(timer);
}
