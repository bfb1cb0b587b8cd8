import { REJECTIONS } from '../../input/record.ts';
import { EVENT_WORDS } from '../lines/event-words.ts';
import type { Finding, Ranking } from './findings.ts';
import { printable } from './printable.ts';
import { formsSeen, problemOf, type ScannedLog, type ScanReport } from './scan-report.ts';
import { wrap } from './wrap.ts';

const WIDTH = 80;
const COUNT_WIDTH = 14;
const SHARE_WIDTH = 8;
const LABEL_WIDTH = WIDTH - 4 - COUNT_WIDTH - SHARE_WIDTH;

const NOTHING_UNDERSTOOD = 'None of these logs was read and understood: whether they hold events is unknown.';

/** The report for a person, 80 columns wide. Takes what makes a heading stand out. */
export function formatTable(report: ScanReport, heading: (text: string) => string): string {
  const { findings, tally, logs } = report;
  const isAnswered = logs.some(({ totals, notUnderstood }) => totals.bytes > 0 && notUnderstood === undefined);
  const isUnknown = !isAnswered && logs.some((log) => problemOf(log) !== undefined);
  const sections = [
    [heading('Logs'), ...report.logs.flatMap(logLines)],
    // Four zeros would look like an answer.
    ...(isUnknown
      ? [[heading('Events: unknown'), ...wrap(NOTHING_UNDERSTOOD, WIDTH, 2)]]
      : findings.map((finding, kind) => eventLines(finding, tally.rejectedByKind[kind], heading))),
    [heading('All logs together'), ...sumLines(report)],
    ...noteLines(report).map((note) => wrap(note, WIDTH, 0)),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function logLines({ name, totals, error, notUnderstood }: ScannedLog): string[] {
  const { tally, bytes, unfinishedBytes } = totals;
  const forms = formsSeen(tally).map(({ form, records }) => `${form.name} ${number(records)}`);
  return [
    `  ${printable(name)}`,
    ...wrap(
      [
        `${number(bytes)} bytes, ${number(tally.records)} records`,
        ...(forms.length > 0 ? [`(${forms.join(', ')})`] : []),
      ].join(' '),
      WIDTH,
      4,
    ),
    ...(tally.rejected.malformed > 0
      ? [`    ${number(tally.rejected.malformed)} lines of no known form, skipped`]
      : []),
    ...(unfinishedBytes > 0
      ? wrap(`${number(unfinishedBytes)} bytes at the end without a line end: not counted`, WIDTH, 4)
      : []),
    ...(error !== undefined ? wrap(`Not read whole: ${printable(error)}`, WIDTH, 4) : []),
    ...(notUnderstood !== undefined ? wrap(`Not understood: ${printable(notUnderstood)}`, WIDTH, 4) : []),
  ];
}

function eventLines(
  { kind, total, epoch, boot, sources, subnets }: Finding,
  rejected: { userspace: number; unrecognised: number } | undefined,
  heading: (text: string) => string,
): string[] {
  const { address, proof } = EVENT_WORDS[kind.name] ?? { address: kind.addressRole, proof: '' };
  const { userspace = 0, unrecognised = 0 } = rejected ?? {};
  return [
    heading(`${kind.name}: ${number(total)}`),
    ...(epoch === undefined ? [] : [`  first ${moment(epoch.first)}   last ${moment(epoch.last)}`]),
    ...(boot === undefined
      ? []
      : [`  first ${boot.first.toFixed(6)} s   last ${boot.last.toFixed(6)} s after boot (the log tells no date)`]),
    ...(total > 0 && epoch === undefined && boot === undefined ? ['  the log tells no time'] : []),
    ...(userspace + unrecognised > 0
      ? [`  rejected: ${number(userspace)} from user space, ${number(unrecognised)} unrecognised`]
      : []),
    ...labelLines('source', sources, total),
    ...(total > 0 ? wrap(`Address: ${address}.`, WIDTH, 2) : []),
    ...labelLines('subnet', subnets, total),
    ...wrap(proof, WIDTH, 2),
  ];
}

function labelLines(what: string, { distinct, short, top }: Ranking, total: number): string[] {
  if (top.length === 0) return [];
  const of = distinct === undefined ? `very many ${what}s` : `${number(distinct)} ${what}${distinct === 1 ? '' : 's'}`;
  const least = short > 0 ? ', counts at least' : '';
  return [
    row(`top ${what}s of ${of}${least}`, 'count', 'share', 2),
    ...top.map(({ label, count }) => row(label, number(count), `${((100 * count) / total).toFixed(1)} %`, 4)),
    ...(short > 0 ? wrap(`Each count can be too low by up to ${number(short)}.`, WIDTH, 4) : []),
  ];
}

function row(label: string, count: string, share: string, indent: number): string {
  const room = LABEL_WIDTH + 4 - indent;
  return `${' '.repeat(indent)}${label.padEnd(room)}${count.padStart(COUNT_WIDTH)}${share.padStart(SHARE_WIDTH)}`;
}

function sumLines({ tally }: ScanReport): string[] {
  const rejected = REJECTIONS.map((reason) => `${number(tally.rejected[reason])} ${reason}`).join(', ');
  return [
    `  records ${number(tally.records)}`,
    `  rejected ${rejected}`,
    ...wrap(
      `suppressed ${number(tally.suppressed)}: network messages of all kinds that the kernel says it did not print, at most so many of them ours`,
      WIDTH,
      2,
    ),
    ...(tally.lost > 0 ? [`  lost ${number(tally.lost)}: records that sequence numbers show to be missing`] : []),
  ];
}

function noteLines({ isComplete, logs, tally }: ScanReport): string[] {
  const blind = formsSeen(tally).filter(({ form }) => form.authorship === 'none');
  const tagged = formsSeen(tally).filter(({ form }) => form.authorship === 'tag');
  const names = (seen: typeof blind) => seen.map(({ form }) => form.name).join(', ');
  return [
    ...(isComplete ? [] : ['Interrupted: this is what was found until then.']),
    ...(logs.some(({ error }) => error !== undefined) ? ['Not every log was read whole: see above.'] : []),
    ...(logs.some(({ notUnderstood }) => notUnderstood !== undefined)
      ? ['Not every log was understood: see above.']
      : []),
    ...(logs.length > 0 && logs.every(({ totals, error }) => totals.bytes === 0 && error === undefined)
      ? ['There was nothing to read: the zeros above say nothing about this host.']
      : []),
    ...(blind.length > 0
      ? [
          `Lines of the form ${names(blind)} do not tell who wrote them: what user space wrote to the kernel log cannot be told apart there and is counted too.`,
        ]
      : []),
    ...(tagged.length > 0
      ? [
          `Lines of the form ${names(tagged)} are taken for the kernel's by their tag, which whoever may write to syslog can write too.`,
        ]
      : []),
    'One packet can give events of several kinds: never add kinds up.',
  ];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function moment(seconds: number): string {
  return new Date(seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}
