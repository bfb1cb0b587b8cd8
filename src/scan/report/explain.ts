import type { Judgement } from '../lines/line-judge.ts';
import { printable, printableBytes } from './printable.ts';

/**
 * Says of a line which rule matched, or why it was refused; undefined if it does not look like ours. Takes the log's name, the number of
 * the line, the line, and what became of it.
 */
export function explain(log: string, number: number, line: string, judgement: Judgement): string | undefined {
  const verdict = explainVerdict(judgement);
  return verdict && `${printable(log)}:${number}: ${verdict}\n    ${printableBytes(line)}\n`;
}

function explainVerdict({ form, line, verdict, suppressed, repeat }: Judgement): string | undefined {
  if (form === undefined || line === undefined) return 'skipped: the line has none of the forms of a log';
  const times = repeat > 1 ? `, ${repeat} times` : '';
  const where = `form ${form.name}${times}`;
  if (suppressed > 0) return `suppressed: ${suppressed} messages that the kernel did not print (${where})`;
  if (verdict === undefined) return undefined;
  if (!line.fromKernel) return `refused, userspace: ${WHY_USERSPACE[form.authorship]} (${where})`;
  if (verdict === 'unrecognised')
    return `refused, unrecognised: it has the words of an event, not the whole form (${where})`;
  const { event, source, destination } = verdict;
  const unsure = form.authorship === 'none' ? '; user space cannot be told apart' : '';
  const target = destination === undefined ? '' : ` -> ${destination}`;
  return `${event}: ${source ?? 'no address'}${target} (${where}${unsure})`;
}

const WHY_USERSPACE = {
  facility: 'its facility is not the kernel',
  tag: 'its tag is not "kernel:", or its priority is not of facility 0',
  none: 'its number is not one of the kernel',
} as const;
