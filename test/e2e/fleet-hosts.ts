import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTS } from '../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../fixtures/hosts/make-host.ts';
import { Exporter } from './exporter.ts';
import { makeDirectory } from './tools.ts';

/** How many of each host there are: 50, most of them as a distribution makes them. */
const FLEET: Readonly<Record<string, number>> = {
  'debian-12': 20,
  hardened: 10,
  'all-seen': 3,
  router: 3,
  'ipv6-off': 2,
  container: 2,
  'log-unreadable': 2,
  drift: 1,
  'one-vlan': 1,
  'lo-trap': 1,
  '100-veths': 1,
  'kernel-3.10': 1,
  'accepts-after-boot': 1,
  unreadable: 1,
  'empty-proc': 1,
};

/** As many start at a time as the machine has cores for. */
const AT_A_TIME = 2;

/** One host of the fleet and its exporter. */
export interface Member {
  /** Which of the fixture hosts it is. */
  readonly kind: string;
  readonly exporter: Exporter;
  /** Somebody sends it packets with a source route: the firewall and the kernel log one line each, for each sender. */
  probe(senders: readonly string[]): void;
}

/** Starts the exporters until the test ends: each with trees and a log file of its own. */
export async function startFleet(): Promise<Member[]> {
  const directory = makeDirectory();
  const kinds = Object.entries(FLEET).flatMap(([kind, count]) => Array<string>(count).fill(kind));
  const members: Member[] = [];
  for (let index = 0; index < kinds.length; index += AT_A_TIME) {
    const started = kinds
      .slice(index, index + AT_A_TIME)
      .map((kind, offset) => startMember(kind, join(directory, `kern-${index + offset}.log`)));
    members.push(...(await Promise.all(started)));
  }
  return members;
}

async function startMember(kind: string, log: string): Promise<Member> {
  const host = HOSTS[kind] as Host;
  const flags = makeHost(host);
  const hasLog = !flags.some((flag) => flag.startsWith('--input.'));
  writeFileSync(log, '');
  const exporter = await Exporter.start([...flags, ...(hasLog ? [`--input.file=${log}`, '--input.from=start'] : [])]);
  return { kind, exporter, probe: (senders) => appendFileSync(log, senders.map(probeLines).join('')) };
}

function probeLines(sender: string): string {
  const stamp = `${new Date().toISOString()} host kernel: `;
  return `${stamp}SRC ROUTE ATTEMPT: IN=eth0 OUT= SRC=${sender} DST=192.0.2.1 LEN=44 PROTO=UDP SPT=6000 DPT=53 LEN=12 
${stamp}IPv4: source route option ${sender} -> 192.0.2.1
`;
}
