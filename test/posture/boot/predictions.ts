import type { KnownApplier } from '../../../src/posture/boot/appliers.ts';
import { BootConfiguration, type BootReading } from '../../../src/posture/boot/boot-configuration.ts';
import type { Family, SysctlRule } from '../../../src/posture/policy/policy.ts';
import type { Prediction } from '../../../src/posture/prediction.ts';
import { makeRoot } from '../make-proc.ts';
import { makeTree, type Tree } from './make-tree.ts';

/** What makes a root one of a host that this applier boots. */
export const BOOTED_BY: Readonly<Record<KnownApplier, Tree>> = {
  systemd: { '/run/systemd/system': { directory: true } },
  procps: { '/etc/init.d/procps': '#!/bin/sh\n' },
};

/** A rule about interfaces, as a policy would have it. */
export function ruleOf(family: Family, sysctl = 'accept_source_route'): SysctlRule {
  return { family, sysctl, combine: 'and', references: [] };
}

/** Makes a root for one test, and reads it once. */
export function readTree(applier: KnownApplier, tree: Tree): BootReading {
  const configuration = new BootConfiguration(makeHost(applier, tree), () => 0);
  // Nothing will change: no watches.
  configuration.close();
  return configuration.read();
}

/** A root with a tree, which goes with the test. */
export function makeHost(applier: KnownApplier, tree: Tree): string {
  const root = makeRoot();
  makeTree(root, { '/etc': { directory: true }, ...BOOTED_BY[applier], ...tree });
  return root;
}

/** By name in latin1. */
export function predictAll(
  { predict }: BootReading,
  names: readonly string[],
  rule: SysctlRule = ruleOf('ipv4'),
): Record<string, Prediction> {
  const predictions = predict(
    rule,
    names.map((name) => Buffer.from(name, 'latin1')),
  );
  return Object.fromEntries(names.map((name, index) => [name, predictions[index] as Prediction]));
}

/** What the files themselves set: `before` stays where no line reaches. */
export function writtenValues(
  predictions: Record<string, Prediction>,
  before: number,
): Record<string, number | undefined> {
  const isWritten = ({ origin }: Prediction) => origin === 'explicit' || origin === 'glob';
  return Object.fromEntries(
    Object.entries(predictions).map(([name, prediction]) => [name, isWritten(prediction) ? prediction.value : before]),
  );
}
