import type { Finding, Remedy } from '../findings/finding.ts';
import { describeExpectation } from '../remedies/wanted-value.ts';
import type { Report, SysctlReport } from '../report.ts';
import { type Cell, columns, wrap } from './layout.ts';
import { familyName, names } from './names.ts';
import { printable } from './printable.ts';
import { sysctlTable } from './sysctl-table.ts';

const VERDICTS: Readonly<Record<Report['verdict'], { word: string; style: keyof typeof STYLES }>> = {
  compliant: { word: 'COMPLIANT', style: 'good' },
  violating: { word: 'NOT COMPLIANT', style: 'bad' },
  unknown: { word: 'UNKNOWN', style: 'bad' },
};

/** SGR of ECMA-48. */
const STYLES = { good: '1;32', bad: '1;31', loud: '1;33', title: '1' };

/** The report for a person: 80 columns, and colours if they are wanted. Pure; throws nothing. */
export function renderTable(report: Report, color: boolean): string {
  const paint = (style: keyof typeof STYLES) => (text: string) =>
    color ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  const title = (text: string) => wrap(printable(text), 0).map(paint('title'));
  const { word, style } = VERDICTS[report.verdict];
  const [first = '', ...others] = wrap(`${word}: ${report.summary}`, 0);
  const ofSeverity = (...severities: Finding['severity'][]) =>
    report.findings.filter(({ severity }) => severities.includes(severity));
  const bad = ofSeverity('violation');
  const isBad = ({ sysctl }: SysctlReport) => bad.some(({ subject }) => subject === sysctl);
  const finding = (each: Finding) => [...title(each.title), '', ...body(each), ''];

  const lines = [
    ...[paint(style)(first.slice(0, word.length)) + first.slice(word.length), ...others],
    ...namespace(report).map(paint('loud')),
    '',
    ...ofSeverity('unknown').flatMap(finding),
    ...report.sysctls
      .filter(isBad)
      .flatMap((sysctl) => [
        ...title(heading(sysctl)),
        '',
        ...sysctlTable(sysctl, paint('bad')),
        '',
        ...bad.filter(({ subject }) => subject === sysctl.sysctl).flatMap((each) => [...body(each), '']),
      ]),
    ...report.sysctls
      .filter((sysctl) => !isBad(sysctl))
      .flatMap((sysctl) => [...title(heading(sysctl)), '', ...sysctlTable(sysctl, paint('bad')), '']),
    ...ofSeverity('note').flatMap(finding),
    ...title('Would the events be seen?'),
    '',
    ...events(report, paint('bad')),
    '',
    ...ofSeverity('blind').flatMap(finding),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function namespace({ hostNetworkNamespace }: Report): string[] {
  if (hostNetworkNamespace !== 0) return [];
  return wrap(
    "THIS IS NOT THE HOST: the sysctls below are those of a container's network namespace, and commands that are run in it change nothing else.",
    0,
  );
}

function heading({ sysctl, rules }: SysctlReport): string {
  const wanted = rules.map(({ family, expect }) =>
    `${familyName(family)} ${expect === undefined ? 'anything' : describeExpectation(expect)}`.trim(),
  );
  return `${sysctl}: wanted is ${[...new Set(wanted)].join(', ')}`;
}

function events({ events, logs }: Report, paint: (text: string) => string): string[] {
  const rows = events.map(({ event, observable, reasons, why }): Cell[] => [
    { text: event },
    observable === 0 || reasons.length > 0 ? { text: 'no', isBad: true } : { text: observable === 1 ? 'yes' : '?' },
    { text: printable(why) },
  ]);
  const readable = logs.filter(({ error }) => error === undefined).map(({ input }) => printable(input));
  return [
    ...columns(['EVENT', 'SEEN', 'WHY'], rows, paint),
    ...(readable.length === 0 ? [] : ['', ...wrap(`The log can be read: ${names(readable)}.`, 2)]),
  ];
}

function body({ problems, remedies }: Finding): string[] {
  return [
    ...problems.flatMap((problem) => wrap(printable(problem), 2)),
    ...remedies.flatMap((remedy) => ['', ...remedyLines(remedy)]),
  ];
}

function remedyLines({ when, changes, costs, commands }: Remedy): string[] {
  const label = commands.length === 0 ? '' : when === 'now' ? 'Now: ' : 'Persistent: ';
  return [
    ...wrap(printable(`${label}${changes} Cost: ${costs}`), 2),
    ...(commands.length === 0 ? [] : ['']),
    ...commands.flatMap((command) =>
      printable(command, 'lines')
        .split('\n')
        .map((line) => `    ${line}`),
    ),
  ];
}
