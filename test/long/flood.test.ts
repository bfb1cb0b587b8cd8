import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Exporter, type Samples } from '../e2e/exporter.ts';
import { makeDirectory } from '../e2e/tools.ts';
import { sized } from '../test-run.ts';

const STAMP = '2026-11-22T09:41:35.971413+00:00 host kernel: [  194.289415] ';
/** Addresses of a flood, one a line. */
const ADDRESSES = sized({ quick: 100_000, real: 1_000_000, long: 1_000_000 });
const PIECE = ADDRESSES / 100;

/** An IPv4 address for each number below 2^24, each in one of 65,536 subnets. */
function ipv4(number: number): string {
  return `198.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/** An IPv6 address for each number, 16 to a /64, as netfilter prints it. */
function ipv6(number: number): string {
  const hex = (number >>> 4).toString(16).padStart(8, '0');
  return `2001:0db8:${hex.slice(0, 4)}:${hex.slice(4)}:0000:0000:0000:${(number & 15).toString(16).padStart(4, '0')}`;
}

function option(source: string): string {
  return `${STAMP}IPv4: source route option ${source} -> 192.0.2.1\n`;
}

function attempt(source: string): string {
  return `${STAMP}SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC= SRC=${source} DST=2001:0db8:0000:0001:0000:0000:0000:0001 LEN=75 PROTO=UDP \n`;
}

/** Half of the lines IPv4, half IPv6; the address of a line by its number. */
function line(number: number, address: (number: number) => number): string {
  return number % 2 === 0 ? option(ipv4(address(number))) : attempt(ipv6(address(number)));
}

/** For every event, what is named, other and expired adds up to the total. */
function expectConservation(samples: Samples): void {
  for (const event of ['icmpv6_no_reply', 'source_route_failed', 'source_route_option', 'source_route_attempt']) {
    const total = samples.sum('srcroute_events_total', { event });
    for (const view of ['source', 'subnet']) {
      const shown = samples.sum(`srcroute_${view}_events_total`, { event });
      expect(shown + samples.sum(`srcroute_expired_${view}_events_total`, { event })).toBe(total);
    }
  }
}

/** Series of our own, by the formula of the README, for one log and the built-in policy. */
function largest(maxSources: number, maxInterfaces: number): number {
  return 8 * maxSources + 11 + 2 * (7 * maxInterfaces + 9) + 96;
}

/** Sends a million lines, with a scrape after each hundredth of them, and gives the bytes that the process holds at the end, or the first that are few enough. */
async function flood(maxSources: number, address: (number: number) => number, enough = 0) {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, '');
  const exporter = await Exporter.start([`--input.file=${log}`, `--sources.max=${maxSources}`]);
  for (let sent = 0; sent < ADDRESSES; sent += PIECE) {
    appendFileSync(log, Array.from({ length: PIECE }, (_, i) => line(sent + i, address)).join(''));
    const samples = await exporter.samples();
    expectConservation(samples);
    const ours = samples.all.filter(({ name }) => name.startsWith('srcroute_'));
    expect(ours.length).toBeLessThanOrEqual(largest(maxSources, 64));
    expect(samples.all.length).toBeLessThanOrEqual(largest(maxSources, 64) + 90);
  }
  const samples = await exporter.until('everything is counted', (now) => now.sum('srcroute_events_total') >= ADDRESSES);
  expect(samples.sum('srcroute_events_total')).toBe(ADDRESSES);
  expectConservation(samples);
  const held = await settled(exporter, enough);
  await exporter.stop();
  return { samples, held };
}

/** Resident bytes without what is only waiting to be collected: the least of many looks, or the first that is enough. */
async function settled(exporter: Exporter, enough: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let looks = 0; looks < 300 && least > enough; looks++) {
    least = Math.min(least, (await exporter.value('process_resident_memory_bytes')) as number);
  }
  return least;
}

describe(`${ADDRESSES} spoofed addresses`, () => {
  it('change neither the memory, beyond its tables, nor the number of series', async () => {
    const few = await flood(1_000, (number) => number % 1_000);
    const many = await flood(1_000, (number) => number, few.held + 15e6 - 1);
    expect(few.samples.value('srcroute_tracked_sources', { event: 'source_route_option' })).toBe(500);
    expect(many.samples.value('srcroute_tracked_sources', { event: 'source_route_option' })).toBe(1_000);
    expect(many.held - few.held).toBeLessThan(15e6);
  });

  it('do not hide one with 2 % of the events that begins when every place is taken', async () => {
    const log = join(makeDirectory(), 'kern.log');
    writeFileSync(log, '');
    const exporter = await Exporter.start([`--input.file=${log}`]);
    const hitter = { event: 'source_route_option', source_ip: '203.0.113.66' };
    let sent = 0;
    const spoof = (lines: number) => {
      appendFileSync(log, Array.from({ length: lines }, () => option(ipv4(sent++))).join(''));
    };
    spoof(10_000);
    await exporter.until(
      'every place is taken',
      (now) => now.value('srcroute_tracked_sources', { event: hitter.event }) === 100,
    );
    let ofHitter = 0;
    let named: number | undefined;
    while (named === undefined && sent < 1_000_000) {
      spoof(490);
      appendFileSync(log, option(hitter.source_ip).repeat(10));
      ofHitter += 10;
      named = (await exporter.samples()).value('srcroute_source_events_total', hitter);
    }
    expect(named).toBeDefined();
    spoof(490);
    appendFileSync(log, option(hitter.source_ip).repeat(10));
    const samples = await exporter.until(
      'all is counted',
      (now) => now.sum('srcroute_events_total') === sent + ofHitter + 10,
    );
    const count = samples.value('srcroute_source_events_total', hitter) as number;
    expect(count).toBeGreaterThanOrEqual((named as number) + 10);
    expect(count).toBeLessThanOrEqual(ofHitter + 10);
  });

  it('of one /64 leave their places to fifty others, and are its subnet', async () => {
    const log = join(makeDirectory(), 'kern.log');
    const spoofed = Array.from({ length: 100_000 }, (_, i) =>
      attempt(
        `2001:0db8:0bad:0000:0000:0000:${(i >> 16).toString(16).padStart(4, '0')}:${(i & 0xffff).toString(16).padStart(4, '0')}`,
      ),
    );
    for (let i = 0; i < 50; i++) spoofed.splice(1_000 + 1_900 * i, 0, attempt(ipv6(16 * 1_000 * (i + 1))));
    writeFileSync(log, spoofed.join(''));
    const exporter = await Exporter.start([`--input.file=${log}`, '--input.from=start']);
    const samples = await exporter.until('everything is counted', (now) => now.sum('srcroute_events_total') >= 100_050);
    const event = 'source_route_attempt';
    const sources = samples.of('srcroute_source_events_total', { event }).map(({ labels }) => labels.source_ip ?? '');
    expect(sources.filter((source) => source !== 'other' && !source.startsWith('2001:db8:bad:'))).toHaveLength(50);
    expect(sources).toHaveLength(1 + 50 + 25);
    const subnets = samples.of('srcroute_subnet_events_total', { event }).toSorted((a, b) => b.value - a.value);
    expect(subnets[0]).toMatchObject({ labels: { subnet: '2001:db8:bad::/64' }, value: 100_000 });
  });
});
