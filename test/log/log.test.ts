import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, LOG_LEVELS, type LogFormat, type LogLevel } from '../../src/log/log.ts';

function written(format: LogFormat, level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog(
    level,
    format,
    (line) => {
      lines.push(line);
    },
    () => Date.parse('2026-11-22T12:00:00.5Z'),
  );
  return { log, lines };
}

/** What must not reach a terminal: C0, DEL, C1, line and paragraph separators, bidirectional overrides and isolates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

describe('createLog', () => {
  it('writes a line of logfmt', () => {
    const { log, lines } = written('logfmt');
    log.info('Listening', { address: 'http://[::1]:10131/', count: 3, ok: true, none: undefined });
    expect(lines).toEqual([
      'time=2026-11-22T12:00:00.500Z level=info msg=Listening address="http://[::1]:10131/" count=3 ok=true\n',
    ]);
  });

  it('writes a line of JSON', () => {
    const { log, lines } = written('json');
    log.warn('Two words', { count: 3, ok: false, none: undefined });
    expect(lines).toEqual([
      '{"time":"2026-11-22T12:00:00.500Z","level":"warn","msg":"Two words","count":3,"ok":false}\n',
    ]);
  });

  it.each(LOG_LEVELS)('writes from level %s on', (level) => {
    const { log, lines } = written('logfmt', level);
    for (const each of LOG_LEVELS) log[each](each);
    expect(lines.map((line) => /msg=(\w+)/.exec(line)?.[1])).toEqual(LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)));
  });

  it('prints what was asked for whatever the level', () => {
    const { log, lines } = written('logfmt', 'error');
    log.print('Event');
    expect(lines).toEqual(['time=2026-11-22T12:00:00.500Z level=info msg=Event\n']);
  });

  it.each([
    ['plain', 'plain'],
    ['a.b:c/d@e+f-g_h', 'a.b:c/d@e+f-g_h'],
    ['', '""'],
    [' ', '" "'],
    ['two words', '"two words"'],
    ['a=b', '"a=b"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['line\nbreak', '"line\\nbreak"'],
    ['end\n', '"end\\n"'],
    ['\r\t\0', '"\\r\\t\\u0000"'],
    ['\u001b[31m', '"\\u001b[31m"'],
    ['\u007f', '"\\u007f"'],
    ['\u009b31m', '"\\u009b31m"'],
    ['\u0085', '"\\u0085"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['\u202egpj.exe', '"\\u202egpj.exe"'],
    ['\u2066x\u2069', '"\\u2066x\\u2069"'],
    ['\ud800', '"\\ud800"'],
    ['é → ä', '"é → ä"'],
    ['level=error msg=forged', '"level=error msg=forged"'],
  ])('quotes %j as %s', (value, quoted) => {
    const { log, lines } = written('logfmt');
    log.info('x', { value });
    expect(lines[0]).toBe(`time=2026-11-22T12:00:00.500Z level=info msg=x value=${quoted}\n`);
    log.info(value);
    expect(lines[1]).toBe(`time=2026-11-22T12:00:00.500Z level=info msg=${quoted}\n`);
  });

  it.each(['logfmt', 'json'] as const)('writes one harmless line for any text in %s', (format) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, value) => {
        const { log, lines } = written(format);
        log.info(message, { value });
        expect(lines).toHaveLength(1);
        expect(lines[0]?.slice(0, -1)).not.toMatch(HARMFUL);
        expect(lines[0]?.endsWith('\n')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('gives back in JSON what was logged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, value) => {
        const { log, lines } = written('json');
        log.info(message, { value });
        expect(JSON.parse(lines[0] as string)).toMatchObject({ msg: message, value });
      }),
    );
  });
});
