import { EVENTS, ORDINARY } from './messages.mjs';
import { random } from './random.mjs';

const KINDS = Object.values(EVENTS);
const MONTH_DAY = 'Nov 22';

/**
 * Lines of a kernel log in syslog's oldest form, the same for the same seed. Every `eventEvery`-th is an event, of the kinds in
 * turn, from one of `hosts` hosts; the rest are ordinary.
 * @param {{ seed: number, lines: number, eventEvery: number, hosts: number }} shape
 * @returns {{ text: string, lines: number, events: number }}
 */
export function syslogLines({ seed, lines, eventEvery, hosts }) {
  const below = random(seed);
  const text = Array.from({ length: lines }, (_, n) => {
    const message =
      n % eventEvery === 0
        ? KINDS[(n / eventEvery) % KINDS.length]?.(below(hosts))
        : ORDINARY[below(ORDINARY.length)]?.(below(65_536));
    return syslogLine(message ?? '', n);
  }).join('');
  return { text, lines, events: Math.ceil(lines / eventEvery) };
}

/** One line as rsyslog writes it by default, and its end. @param {string} message @param {number} n its number: a millisecond each */
export function syslogLine(message, n) {
  const seconds = Math.floor(n / 1000);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const uptime = `${String(seconds).padStart(5)}.${String((n % 1000) * 1000).padStart(6, '0')}`;
  return `${MONTH_DAY} ${clock.join(':')} host kernel: [${uptime}] ${message}\n`;
}
