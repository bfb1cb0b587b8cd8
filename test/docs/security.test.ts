import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENT = readFileSync(`${PROJECT}docs/SECURITY.md`, 'utf8');

/** The items of a document's lists, a line each. */
function itemsOf(document: string): string[] {
  const items = document.match(/^- .*(?:\n {2}\S.*)*/gm) ?? [];
  return items.map((item) => item.replace(/\n */g, ' ').slice(2));
}

/** The tests that an item names. */
function testsOf(item: string): { file: string; title: string }[] {
  return [...item.matchAll(/`(test\/[\w./-]+)`: "([^"]+)"/g)].map(([, file = '', title = '']) => ({ file, title }));
}

/** What is wrong with an item; undefined if it names its tests, and they are there. */
function complaint(item: string): string | undefined {
  const tests = testsOf(item);
  if (/^\*\*Stopped: /.test(item) && tests.length === 0) return `No test beside "${item}"`;
  const absent = tests.find(({ file, title }) => !isTest(`${PROJECT}${file}`, title));
  return absent && `No test "${absent.title}" in ${absent.file}`;
}

function isTest(path: string, title: string): boolean {
  if (!existsSync(path)) return false;
  const literal = title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`\\(\\s*(['"\`])${literal}\\1,`).test(readFileSync(path, 'utf8'));
}

describe('the threat model', () => {
  const items = itemsOf(DOCUMENT);
  const verdicts = items.filter((item) => /^\*\*(?:Stopped|Not stopped): /.test(item));

  it.each(verdicts.map((item) => [/^\*\*(.*?)\*\*/.exec(item)?.[1] ?? item, item]))('%s', (_title, item) => {
    expect(complaint(item)).toBeUndefined();
  });

  it('says of everything that anybody could do whether it is stopped', () => {
    const threats = itemsOf(DOCUMENT.slice(DOCUMENT.indexOf('## Those who send packets')));
    expect(threats.filter((item) => !verdicts.includes(item))).toEqual([]);
    expect(DOCUMENT.match(/`test\/[^`]*`/g)).toHaveLength(verdicts.flatMap(testsOf).length);
  });

  it('says of each party what is not stopped, too', () => {
    const parties = DOCUMENT.split(/^## /m).filter((party) => /\*\*Stopped/.test(party));
    expect(parties.length).toBeGreaterThan(8);
    expect(parties.filter((party) => !/\*\*Not stopped/.test(party)).map((party) => party.split('\n')[0])).toEqual([
      'Those who read what we write',
    ]);
  });
});

describe('an item of the threat model', () => {
  it.each([
    ['names no test', '**Stopped: everything.** By magic.', 'No test beside'],
    ['names a file that is not there', '**Stopped: it.** `test/no.test.ts`: "x".', 'No test "x" in test/no.test.ts'],
    ['names a title that is not there', '**Stopped: it.** `test/web/landing.test.ts`: "x y".', 'No test "x y"'],
    ['names a title cut short', '**Stopped: it.** `test/web/landing.test.ts`: "landing".', 'No test "landing"'],
  ])('that %s is told', (_what, item, said) => {
    expect(complaint(item)).toContain(said);
  });
});

describe('the lock file', () => {
  interface Locked {
    readonly dev?: boolean;
    readonly integrity?: string;
    readonly hasInstallScript?: boolean;
  }
  const { packages } = JSON.parse(readFileSync(`${PROJECT}package-lock.json`, 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const { dependencies } = JSON.parse(readFileSync(`${PROJECT}package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };

  it('pins every production dependency by its digest', () => {
    expect(production.length).toBeGreaterThan(Object.keys(dependencies).length);
    for (const [path, { integrity }] of production) expect(integrity, path).toMatch(/^sha512-/);
  });

  it('runs nothing of a production dependency when it is installed', () => {
    expect(production.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  });

  it('has no direct dependency that the threat model does not tell of', () => {
    const told = [...DOCUMENT.matchAll(/^\| ([a-z][\w-]*) \|/gm)].map(([, name]) => name);
    expect(told.filter((name) => name !== 'package').sort()).toEqual(Object.keys(dependencies).sort());
  });
});
