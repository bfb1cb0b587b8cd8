import { APPLIERS } from '../../posture/boot/appliers.ts';
import { parseConfig } from '../../posture/boot/parse-config.ts';
import type { Readings } from '../readings.ts';
import { names } from '../render/names.ts';
import type { Finding } from './finding.ts';

/** Lines on sysctls of the policy that no boot applies, though somebody meant it to. Pure; throws nothing. */
export function unreadFindings(readings: Readings): Finding[] {
  return [...unreadFiles(readings), ...lostLines(readings)];
}

function unreadFiles({ rules, boot }: Readings): Finding[] {
  const sysctls = new Set(rules.map(({ sysctl }) => sysctl));
  return boot.unreadFiles.flatMap(({ path, fate, text }): Finding[] => {
    const lines = parseConfig(APPLIERS.systemd, [{ label: path, text }]).filter(({ key }) => sysctls.has(lastOf(key)));
    if (lines.length === 0) return [];
    return [
      {
        severity: 'note',
        kind: 'unread_file',
        subject: path,
        title: `${path} is not part of what is foreseen`,
        problems: [
          `${fate} It has ${places(lines.map(({ line }) => line))} on ${names([...new Set(lines.map(({ key }) => lastOf(key)))])}.`,
        ],
        interfaces: [],
        remedies: [],
      },
    ];
  });
}

/** In `net.ipv4.conf.eth0.100.accept_source_route` every dot is a slash: that is no interface. */
const DOTTED = /^net\/(ipv[46])\/conf\/([^*?[]+\/[^*?[]+)\/([^/]+)$/;

function lostLines({ rules, boot }: Readings): Finding[] {
  if (boot.applier === 'unknown') return [];
  const sysctls = new Set(rules.map(({ sysctl }) => sysctl));
  return parseConfig(APPLIERS[boot.applier], boot.files).flatMap(({ key, file, line }): Finding[] => {
    const [, family, name, sysctl = ''] = DOTTED.exec(key) ?? [];
    if (name === undefined || !sysctls.has(sysctl)) return [];
    const label = name.replaceAll('/', '.');
    return [
      {
        severity: 'note',
        kind: 'lost_line',
        subject: `${file}:${line}`,
        title: `${file}:${line} has no effect`,
        problems: [
          `It means an interface ${label}, but a dot in a name must be a slash where dots divide. Write net/${family}/conf/${label}/${sysctl} or net.${family}.conf.${name}.${sysctl}.`,
        ],
        interfaces: [label],
        remedies: [],
      },
    ];
  });
}

function lastOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function places(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${names(lines.map(String))}`;
}
