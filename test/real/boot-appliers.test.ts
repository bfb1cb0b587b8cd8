import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { APPLIERS, type KnownApplier } from '../../src/posture/boot/appliers.ts';
import { BootConfiguration } from '../../src/posture/boot/boot-configuration.ts';
import { compileGlobComponent } from '../../src/posture/boot/glob-component.ts';
import { parseWrittenInt } from '../../src/posture/boot/parse-written-int.ts';
import type { Family } from '../../src/posture/policy/policy.ts';
import { bootTrees, INTERFACES } from '../e2e/boot-trees.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory, runBeside } from '../e2e/tools.ts';
import { makeTree, type Tree } from '../posture/boot/make-tree.ts';
import { BOOTED_BY, predictAll, ruleOf, writtenValues } from '../posture/boot/predictions.ts';
import { SEED } from '../seed.ts';
import { sized } from '../test-run.ts';

const TREES = sized({ quick: 0, real: 300, long: 5_000 });
/** No line of a tree writes this. */
const BEFORE = 7;
const ORACLE = fileURLToPath(new URL('../e2e/boot-oracle.py', import.meta.url));
const SYSCTL = 'accept_source_route';
const BOTH = Object.keys(APPLIERS) as KnownApplier[];

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

type Values = Record<Family, Record<string, number>>;

describeReal(
  'what a boot makes of the configuration',
  {
    root: true,
    commands: ['unshare', 'mount', 'chroot', 'ip', 'python3', 'sysctl'],
    files: ['/lib/systemd/systemd-sysctl'],
  },
  () => {
    it(`is what the real appliers make of ${TREES} random trees (SRCROUTE_SEED=${SEED})`, async () => {
      const trees = fc.sample(bootTrees, { seed: SEED, numRuns: TREES });
      const root = makeDirectory();
      const roots = trees.map((tree, index) => makeAt(`${root}/${index}`, tree));
      const real = await askAppliers(`${root}/base`, roots);

      const mismatches = BOTH.flatMap((applier) =>
        trees.flatMap((tree, index) => {
          const measured = (real[index] as Record<KnownApplier, Values>)[applier];
          const wrong = differences(measured, predictBoth(applier, roots[index] as string, measured));
          return wrong.length === 0 ? [] : [{ applier, wrong, tree }];
        }),
      );
      expect(mismatches[0], `${mismatches.length} of ${2 * TREES} differ; the first`).toBeUndefined();
      // Not all of them about nothing.
      const written = real.filter((each) => JSON.stringify(each).match(/:(?!7\b)-?\d/));
      expect(written.length).toBeGreaterThan(TREES / 3);
    });

    it(`is the number that the kernel makes of any text (SRCROUTE_SEED=${SEED})`, async () => {
      const texts = ['', ...fc.sample(writtenTexts, { seed: SEED, numRuns: 5_000 })];
      const real: (number | null)[] = JSON.parse(await inNamespace(WRITES, JSON.stringify(texts)));
      expect(differing(texts, real, (text) => parseWrittenInt(text) ?? null)).toEqual([]);
      expect(real.filter((value) => value !== null).length).toBeGreaterThan(300);
    });

    it(`takes a name for a pattern's as the C library does (SRCROUTE_SEED=${SEED})`, async () => {
      const pairs = fc.sample(patternsAndNames, { seed: SEED, numRuns: 50_000 });
      const real: boolean[] = JSON.parse(await runBeside('python3', ['-c', MATCHES], JSON.stringify(pairs)));
      expect(differing(pairs, real, ([pattern, name]) => compileGlobComponent(pattern)(name))).toEqual([]);
      expect(real.filter(Boolean).length).toBeGreaterThan(300);
    });

    it('goes to an interface that appears later, and not to lo', async () => {
      const root = makeAt(`${makeDirectory()}/root`, {
        ...BOOTED_BY.procps,
        '/etc/sysctl.d/a.conf': FAMILIES.map((family) => `net.${family}.conf.default.${SYSCTL}=3\n`).join(''),
      });
      const real: Values = JSON.parse(await inNamespace(LATER, `${root}/etc/sysctl.d/a.conf`));
      const configuration = new BootConfiguration(root, () => 0);
      configuration.close();
      for (const family of FAMILIES) {
        const predictions = predictAll(configuration.read(), ['all', 'default', 'lo', 'later'], ruleOf(family));
        const values = Object.entries(predictions).map(([name, { value }]) => [name, value]);
        expect(Object.fromEntries(values)).toEqual(real[family]);
        expect(predictions.later).toMatchObject({ value: 3, origin: 'inherited' });
      }
    });
  },
);

/** Reads texts in latin1, prints the number that is there after each has been written, null if it was refused. */
const WRITES = `
import json, os, sys
values = []
for text in json.load(sys.stdin):
    descriptor = os.open("/proc/sys/net/ipv4/conf/all/accept_source_route", os.O_WRONLY)
    try:
        os.write(descriptor, text.encode("latin1") + b"\\n")
        values.append(int(open("/proc/sys/net/ipv4/conf/all/accept_source_route").read()))
    except OSError:
        values.append(None)
    os.close(descriptor)
print(json.dumps(values))
`;

/** Reads pairs of a pattern and a name in latin1, prints what fnmatch(3) with FNM_PERIOD says. */
const MATCHES = `
import ctypes, json, sys
fnmatch = ctypes.CDLL(None).fnmatch
print(json.dumps([fnmatch(p.encode("latin1"), n.encode("latin1"), 4) == 0 for p, n in json.load(sys.stdin)]))
`;

/** Sets what the kernel starts with, boots with one file, adds an interface, prints all values. */
const LATER = `
import json, subprocess, sys
run = lambda *command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
path = "/proc/sys/net/{}/conf/{}/accept_source_route".format
for family, name, value in (("ipv4", "all", 0), ("ipv4", "default", 1), ("ipv4", "lo", 1)):
    open(path(family, name), "w").write(str(value))
run("ip", "link", "set", "lo", "up")
run("/lib/systemd/systemd-sysctl", sys.stdin.read())
run("ip", "link", "add", "name", "later", "type", "bridge")
names = ("all", "default", "lo", "later")
print(json.dumps({family: {name: int(open(path(family, name)).read()) for name in names} for family in ("ipv4", "ipv6")}))
`;

const writtenTexts = fc
  .array(fc.constantFrom(...'0123457890123abfxX-+ \t\n\v\r,;#\xa0', '0x', '2147483647', '2147483648', '00000000'), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));

// Without what nobody writes: names of characters (`[[.a.]]`) that are wrong or end a range, and `[a-` at the end.
const patternsAndNames = fc.tuple(
  fc
    .array(fc.constantFrom(...'aabb.-*?[]!^\\:\xff', '[[:alpha:]', '[!', '[a-'), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join(''))
    .filter((pattern) => !/[-\\]$|\[.*\[\./s.test(pattern)),
  fc.string({ unit: fc.constantFrom(...'aabb.-[]!\\:\xff'), minLength: 1, maxLength: 4 }),
);

function inNamespace(program: string, input: string): Promise<string> {
  return runBeside('unshare', ['-n', '-m', 'python3', '-c', program], input);
}

function differing<Given, Answer>(given: readonly Given[], real: readonly Answer[], answer: (each: Given) => Answer) {
  return given.flatMap((each, index) => (answer(each) === real[index] ? [] : [{ given: each, real: real[index] }]));
}

function makeAt(root: string, tree: Tree): string {
  mkdirSync(root);
  makeTree(root, tree);
  return root;
}

async function askAppliers(base: string, trees: readonly string[]): Promise<Record<KnownApplier, Values>[]> {
  const task = JSON.stringify({ base, trees, interfaces: INTERFACES, before: BEFORE });
  mkdirSync(base);
  return JSON.parse(await runBeside('unshare', ['-n', '-m', 'python3', ORACLE], task));
}

// The real ones did not ask which of them boots the machine.
function predictBoth(applier: KnownApplier, root: string, measured: Values): Record<Family, Record<string, unknown>> {
  rmSync(`${root}/run/systemd`, { recursive: true, force: true });
  makeTree(root, BOOTED_BY[applier]);
  const configuration = new BootConfiguration(root, () => 0);
  configuration.close();
  const reading = configuration.read();
  expect(reading.applier).toBe(applier);
  const of = (family: Family) =>
    writtenValues(predictAll(reading, Object.keys(measured[family]), ruleOf(family)), BEFORE);
  return { ipv4: of('ipv4'), ipv6: of('ipv6') };
}

function differences(measured: Values, predicted: Record<Family, Record<string, unknown>>): string[] {
  return FAMILIES.flatMap((family) =>
    Object.entries(measured[family])
      .filter(([name, value]) => predicted[family][name] !== value)
      .map(([name, value]) => `${family} ${name}: measured ${value}, predicted ${predicted[family][name]}`),
  );
}
