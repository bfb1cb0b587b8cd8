import type { Form } from './form.ts';

/** The caller with CONFIG_PRINTK_CALLER (kernel/printk/printk.c print_caller), and what stands before the message. */
const CALLER = '(?: ?\\[ *[TC]\\d+\\])? ?';
/** Seconds since boot (kernel/printk/printk.c print_prefix; util-linux pads it). */
const SECONDS = `\\[ *\\d+\\.\\d{6}\\]${CALLER}`;
/** ctime(3) without its line feed. */
const CTIME = `\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\]${CALLER}`;
/** util-linux writes a comma before the fraction, which tells it from RFC 3339. */
const ISO = `\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d,\\d{6}[+-]\\d\\d:\\d\\d${CALLER}`;
/** What `-x` says of facility and level: util-linux lib/dmesg names them as syslog.h does, padded. */
const DECODED =
  '(?<facility>kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|res[0-3]|local[0-7]) *:(?:emerg|alert|crit|err|warn|notice|info|debug) *: ';

/**
 * What dmesg of util-linux prints (sys-utils/dmesg.c print_record), and busybox:
 *
 *     [  194.290970] message                               plain, busybox
 *     [Sun Nov 22 09:41:53 2026] message                   -T
 *     2026-11-22T09:41:53,290970+00:00 message             --time-format iso
 *     <4>[  194.290970] message                            --raw, /proc/kmsg
 *     kern  :warn  : [  194.290970] message                -x, before any of the first three
 */
export const DMESG_FORMS: readonly Form[] = [
  dmesg('dmesg', '', SECONDS, 'boot'),
  dmesg('dmesg-ctime', '', CTIME, 'epoch'),
  dmesg('dmesg-iso', '', ISO, 'epoch'),
  dmesg('dmesg-raw', '<(?<facility>\\d{1,6})>', SECONDS, 'boot'),
  dmesg('dmesg-decoded', DECODED, SECONDS, 'boot'),
  dmesg('dmesg-decoded-ctime', DECODED, CTIME, 'epoch'),
  dmesg('dmesg-decoded-iso', DECODED, ISO, 'epoch'),
];

function dmesg(name: string, author: string, time: string, clock: Form['clock']): Form {
  return {
    name,
    authorship: author === DECODED ? 'facility' : 'none',
    clock,
    continues: true,
    readsHeader: true,
    header: new RegExp(`^${author}(?<stamp>${time})`),
    parse(line, header) {
      const { facility = 'kern', stamp = '' } = header.groups ?? {};
      return { fromKernel: isKernel(facility), message: line.slice(header[0].length), stamp };
    },
    time: clock === 'boot' ? secondsSinceBoot : secondsSinceEpoch,
  };
}

/**
 * util-linux up to 2.38 prints in `--raw` the number of the facility OR the level, so that 5 is kern.notice or user.warning: up to 7 nobody
 * can tell. A greater number is not the kernel's in any release.
 */
function isKernel(facility: string): boolean {
  return facility === 'kern' || Number(facility) <= 7;
}

function secondsSinceBoot(stamp: string): number | undefined {
  const seconds = /\d+\.\d{6}/.exec(stamp)?.[0];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Without a zone, as `-T` writes it, it is this process's local time. */
function secondsSinceEpoch(stamp: string): number | undefined {
  const time = Date.parse(
    stamp
      .replace(/\[ *[TC].*/, '')
      .replace(',', '.')
      .replace(/[[\]]/g, '')
      .trim(),
  );
  return Number.isNaN(time) ? undefined : time / 1000;
}
