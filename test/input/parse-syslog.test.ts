import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRepeated, parseSyslog } from '../../src/input/parse-syslog.ts';
import { capture } from '../event/fixtures.ts';

const MESSAGE = 'IPv4: source route option 198.51.100.20 -> 192.0.2.1';
const CLASSIC = 'Nov 22 09:41:35 kfbox ';
const RFC3339 = '2026-11-22T09:41:35.971413+00:00 kfbox ';
const MODERN = '1 2026-11-22T09:41:35.971413+00:00 kfbox ';

describe('parseSyslog', () => {
  it.each([
    ['RFC 3164', `${CLASSIC}kernel: `, 'Nov 22 09:41:35'],
    ['RFC 3164 with a one-digit day', 'Nov  2 09:41:35 kfbox kernel: ', 'Nov  2 09:41:35'],
    ['RFC 3164 with a priority', `<4>${CLASSIC}kernel: `, 'Nov 22 09:41:35'],
    ['RFC 3164 of an address for a host', 'Nov 22 09:41:35 2001:db8::1 kernel: ', 'Nov 22 09:41:35'],
    ['RFC 3339', `${RFC3339}kernel: `, '2026-11-22T09:41:35.971413+00:00'],
    ['RFC 3339 with a priority', `<7>${RFC3339}kernel: `, '2026-11-22T09:41:35.971413+00:00'],
    ['RFC 3339 in UTC', '2026-11-22T09:41:35Z kfbox kernel: ', '2026-11-22T09:41:35Z'],
    ['RFC 3339 elsewhere', '2026-11-22T09:41:35-03:30 kfbox kernel: ', '2026-11-22T09:41:35-03:30'],
    ['RFC 5424', `<6>${MODERN}kernel - - - `, '2026-11-22T09:41:35.971413+00:00'],
    ['RFC 5424 without a time', '<6>1 - kfbox kernel - - - ', '-'],
    ['RFC 5424 without a host', '<6>1 2026-11-22T09:41:35Z - kernel - - - ', '2026-11-22T09:41:35Z'],
    ['RFC 5424 with a message id', `<6>${MODERN}kernel - ID47 - `, '2026-11-22T09:41:35.971413+00:00'],
    ['RFC 5424 with a byte order mark', `<6>${MODERN}kernel - - - \xef\xbb\xbf`, '2026-11-22T09:41:35.971413+00:00'],
    ['structured data', `<6>${MODERN}kernel - - [a@1 b="c"] `, '2026-11-22T09:41:35.971413+00:00'],
    [
      'structured data with brackets and quotes in it',
      `<6>${MODERN}kernel - - [a@1 b="] kernel - - - \\" \\]"][c@2 d="" e="\\\\"][f] `,
      '2026-11-22T09:41:35.971413+00:00',
    ],
  ])('reads %s', (_, header, stamp) => {
    expect(parseSyslog(header + MESSAGE)).toEqual({ fromKernel: true, text: MESSAGE, message: MESSAGE, stamp });
  });

  it.each([
    ['the time', '[  194.290970] '],
    ['the time of a long uptime', '[12345678.290970] '],
    ['the time at boot', '[    0.000000] '],
    ['the time and a task', '[  194.290970][   T12] '],
    ['the time and a CPU', '[  194.290970][    C0] '],
    ['a task', '[T12] '],
    ['a CPU', '[    C0] '],
    ['nothing', ''],
  ])('takes off what printk puts before a message: %s', (_, prefix) => {
    for (const header of [`${CLASSIC}kernel: `, `${RFC3339}kernel: `, `<4>${MODERN}kernel - - - `]) {
      expect(parseSyslog(header + prefix + MESSAGE)?.message).toBe(MESSAGE);
    }
  });

  it.each([
    '[12] IPv6: text',
    '[eth0] text',
    '[T] text',
    '[1.2] text',
    '[  194.290970 text',
    '<intr> ipv6:icmp6_send:541: text',
  ])('leaves what is part of the message: %s', (message) => {
    expect(parseSyslog(`${CLASSIC}kernel: [  194.290970] ${message}`)?.message).toBe(message);
    expect(parseSyslog(`${CLASSIC}kernel: ${message}`)?.message).toBe(message);
  });

  it('takes the time off once: what follows is the message', () => {
    expect(parseSyslog(`${CLASSIC}kernel: [    1.000000] [    2.000000] text`)?.message).toBe('[    2.000000] text');
  });

  it('keeps the space at the end', () => {
    expect(parseSyslog(`${CLASSIC}kernel: text `)?.message).toBe('text ');
  });

  it.each([
    [0, true],
    [7, true],
    [8, false],
    [12, false],
    [128, false],
    [191, false],
    [999, false],
  ])('trusts the tag only with a priority of facility 0: <%d>', (priority, fromKernel) => {
    expect(parseSyslog(`<${priority}>${CLASSIC}kernel: ${MESSAGE}`)?.fromKernel).toBe(fromKernel);
    expect(parseSyslog(`<${priority}>${RFC3339}kernel: ${MESSAGE}`)?.fromKernel).toBe(fromKernel);
    expect(parseSyslog(`<${priority}>${MODERN}kernel - - - ${MESSAGE}`)?.fromKernel).toBe(fromKernel);
  });

  it.each([
    'kernel[123]: ',
    'kernel[]: ',
    'sshd[77]: ',
    'kernel:',
    'kernel ',
    'kernel : ',
    'Kernel: ',
    'xkernel: ',
    'kernel-log: ',
    'kernel: kernel',
    'root: kernel: ',
    'kernel\t: ',
    ' kernel: ',
    '"kernel: ',
  ])('does not take the tag %j for the kernel', (tag) => {
    for (const header of [CLASSIC, RFC3339]) {
      const record = parseSyslog(`${header}${tag}${MESSAGE}`);
      expect(record?.fromKernel === true && record.message === MESSAGE).toBe(false);
    }
  });

  it.each([
    ['another tag', `<6>${MODERN}sshd - - - `],
    ['a process', `<6>${MODERN}kernel 123 - - `],
    ['a longer tag', `<6>${MODERN}kernel: - - - `],
    ['a message that pretends', `<6>${MODERN}sshd 1 - - kernel - - - `],
  ])('does not take RFC 5424 with %s for the kernel', (_, header) => {
    expect(parseSyslog(header + MESSAGE)).toMatchObject({ fromKernel: false });
  });

  it('leaves the message of others whole, tag and all', () => {
    expect(parseSyslog(`${CLASSIC}sshd[77]: ${MESSAGE}`)).toEqual({
      fromKernel: false,
      message: `sshd[77]: ${MESSAGE}`,
      stamp: 'Nov 22 09:41:35',
      text: expect.any(String),
    });
  });

  it.each([
    '',
    ' ',
    MESSAGE,
    'kernel: text',
    `kfbox kernel: ${MESSAGE}`,
    `[  194.290970] ${MESSAGE}`,
    'Nov 22 09:41 kfbox kernel: text',
    'Nov 22 2026 09:41:35 kfbox kernel: text',
    'nov 22 09:41:35 kfbox kernel: text',
    'Nov 2 09:41:35 kfbox kernel: text',
    ' Nov 22 09:41:35 kfbox kernel: text',
    'Nov 22 09:41:35  kernel: text',
    '2026-11-22 09:41:35 kfbox kernel: text',
    '2026-11-22T09:41:35 kfbox kernel: text',
    '2026-11-22T09:41:35,971413+00:00 kfbox kernel: text',
    '<6>kfbox kernel: text',
    '<>Nov 22 09:41:35 kfbox kernel: text',
    '<1234>Nov 22 09:41:35 kfbox kernel: text',
    '<6>2 2026-11-22T09:41:35Z kfbox kernel - - - text',
    '<6>1 2026-11-22T09:41:35Z kfbox kernel - - text',
    '<6>1 2026-11-22T09:41:35Z kfbox kernel - - [a b="c text',
    '<6>1 2026-11-22T09:41:35Z kfbox kernel - - [a b="c]" text',
    '\0\0\0\0Nov 22 09:41:35 kfbox kernel: text',
    '6,410,82740959,-;text',
  ])('refuses %j', (line) => {
    expect(parseSyslog(line)).toBeUndefined();
  });

  it.each([
    [`message repeated 3 times: [ [  194.290970] ${MESSAGE}]`, 3],
    [`message repeated 3 times: [[  194.290970] ${MESSAGE}]`, 3],
    [`message repeated 12 times: [ ${MESSAGE}]`, 12],
    [` message repeated 2 times: [ ${MESSAGE}] `, 2],
    [`message repeated 999999 times: [ ${MESSAGE}]`, 999_999],
  ])('reads %j as so many', (text, repeat) => {
    expect(parseRepeated(text)).toEqual({ message: MESSAGE, repeat });
  });

  it('keeps the brackets of a message that was repeated', () => {
    const message = 'IPv6: icmp6_send: no reply to icmp error [2001:db8::1 > 2001:db8::2]';
    expect(parseRepeated(`message repeated 2 times: [ [  1.000000] ${message}]`)?.message).toBe(message);
  });

  it.each([
    'message repeated 1000000 times: [ text]',
    'message repeated 0 times: [ text]',
    'message repeated -1 times: [ text]',
    'message repeated times: [ text]',
    'message repeated 2 times: text',
    'message repeated 2 times: [ text',
    '[    1.000000] message repeated 2 times: [ text]',
    'last message repeated 2 times',
  ])('takes %j for no repetition', (text) => {
    expect(parseRepeated(text)).toBeUndefined();
  });

  it('finds the message again in every form', () => {
    const text = fc
      .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
      .filter((text) => !/^ ?message repeated|^\[|^\xef\xbb\xbf/.test(text));
    const header = fc.constantFrom(`${CLASSIC}kernel: `, `<4>${RFC3339}kernel: `, `<4>${MODERN}kernel - - [a b="c"] `);
    fc.assert(
      fc.property(header, fc.constantFrom('', '[    1.234567] '), text, (header, prefix, message) => {
        expect(parseSyslog(header + prefix + message)).toMatchObject({ fromKernel: true, message });
      }),
    );
  });

  it.each([
    ['5.10.0-32-amd64', 476, 527],
    ['6.1.0-56-amd64', 472, 523],
  ])('reads every line that rsyslog wrote on %s, and the same messages in each form', (kernel, imklog, imkmsg) => {
    const messages = (name: string) =>
      capture(`${kernel}.rsyslog-${name}.log`)
        .trimEnd()
        .split('\n')
        .map((line) => parseSyslog(line))
        .map((record) => (record?.fromKernel ? record.message : undefined));
    const classic = messages('RSYSLOG_TraditionalFileFormat');
    expect(classic).toHaveLength(imklog);
    expect(classic).not.toContain(undefined);
    // The printk time is gone: what is left is what /dev/kmsg holds.
    expect(classic.filter((message) => /^\[ *\d+\.\d{6}\]/.test(message ?? ''))).toEqual([]);
    expect(messages('RSYSLOG_FileFormat')).toEqual(classic);
    expect(messages('RSYSLOG_SyslogProtocol23Format')).toEqual(classic);
    expect(messages('imkmsg-RSYSLOG_TraditionalFileFormat')).toHaveLength(imkmsg);
  });
});
