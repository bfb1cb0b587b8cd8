import { existsSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT, readFirst } from './read-yaml.ts';

const FOLDER = 'deploy/compose';
const { services, volumes } = readFirst(`${FOLDER}/compose.yaml`);

type Volume = string | { readonly source: string };

/** Where each volume of a service comes from: a path in the project, a path of the host, or the name of a volume. */
const sources = (name: string): string[] =>
  services[name].volumes
    .map((volume: Volume) => (typeof volume === 'string' ? (volume.split(':')[0] as string) : volume.source))
    .map((source: string) => (source.startsWith('.') ? normalize(join(FOLDER, source)) : source));

it.each(Object.keys(services))('%s is confined, and mounts what is there', (name) => {
  expect(services[name]).toMatchObject({
    network_mode: 'host',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges'],
  });
  for (const source of sources(name).filter((path) => !path.startsWith('/'))) {
    expect(existsSync(join(PROJECT, source)) || Object.hasOwn(volumes, source), source).toBe(true);
  }
});

it('only the exporter has a right of its own', () => {
  const granted = Object.keys(services).filter((name) => 'cap_add' in services[name] || 'devices' in services[name]);
  expect(granted).toEqual(['exporter']);
  expect(services.exporter.cap_add).toEqual(['SYSLOG']);
});

it('listens on the loopback interface only', () => {
  const text = JSON.stringify(services);
  expect(text.match(/listen-address=[^"]*/g)?.filter((flag) => !/=(?:127\.0\.0\.1:\d+)?$/.test(flag))).toEqual([]);
  expect(services.grafana.environment.GF_SERVER_HTTP_ADDR).toBe('127.0.0.1');
});

it('Prometheus finds its configuration, the rules and the exporter', () => {
  expect(services.prometheus.command).toContain('--config.file=/srv/deploy/prometheus/file-sd.yml');
  const { rule_files, scrape_configs } = readFirst('deploy/prometheus/file-sd.yml');
  expect(rule_files).toEqual(['../../alerts/srcroute.rules.yml']);
  expect(scrape_configs[0].file_sd_configs).toEqual([{ files: ['targets/*.yml'] }]);
  const listen = services.exporter.command.find((flag: string) => flag.startsWith('--web.listen-address='));
  expect(readFirst(`${FOLDER}/targets/srcroute.yml`)).toEqual([{ targets: [listen.split('=')[1]] }]);
});

it('Grafana has every board, where its provisioning looks', () => {
  const path = readFirst('deploy/grafana/dashboards/srcroute.yml').providers[0].options.path;
  const boards = readdirSync(`${PROJECT}dashboards`).filter((name) => name.endsWith('.json'));
  expect(boards.length).toBeGreaterThan(0);
  for (const board of boards) {
    expect(services.grafana.volumes).toContain(`../../dashboards/${board}:${path}/${board}:ro`);
  }
});
