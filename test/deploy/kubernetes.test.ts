import { existsSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT, readFirst, readYaml } from './read-yaml.ts';

const KUBERNETES = 'deploy/kubernetes';
const OVERLAYS = ['privileged', 'log-file', 'device-plugin'];

const kustomization = (folder: string) => readFirst(join(KUBERNETES, folder, 'kustomization.yaml'));
const daemonSet = readFirst(join(KUBERNETES, 'base/daemonset.yaml'));
const pod = daemonSet.spec.template.spec;
const [container] = pod.containers;

interface Named {
  readonly name: string;
}

describe.each(['base', 'prometheus-operator', ...OVERLAYS])('%s', (folder) => {
  const { resources, patches = [] } = kustomization(folder);
  const files: string[] = [...resources, ...patches.flatMap(({ path }: { path?: string }) => path ?? [])];

  it('refers to what exists, and to all that is there', () => {
    for (const file of files) expect(existsSync(join(PROJECT, KUBERNETES, folder, file)), file).toBe(true);
    const there = readdirSync(join(PROJECT, KUBERNETES, folder)).filter((name) => name !== 'kustomization.yaml');
    expect(there.sort()).toEqual(files.filter((file) => !file.startsWith('..')).sort());
  });

  it('holds objects of Kubernetes', () => {
    for (const file of files.filter((file) => file.endsWith('.yaml'))) {
      for (const object of readYaml(join(KUBERNETES, folder, file))) {
        expect(object).toMatchObject({
          apiVersion: expect.any(String),
          kind: expect.any(String),
          metadata: { name: 'srcroute-exporter' },
        });
      }
    }
  });
});

describe.each(OVERLAYS)('the overlay %s', (folder) => {
  const { resources, patches } = kustomization(folder);
  const patch = readFirst(join(KUBERNETES, folder, 'daemonset.yaml'));
  const changed = patch.spec.template.spec;

  it('changes the one container of the base', () => {
    expect(resources.map((path: string) => normalize(join(folder, path)))).toEqual(['base']);
    expect(patch).toMatchObject({ apiVersion: daemonSet.apiVersion, kind: daemonSet.kind });
    expect(patch.metadata.namespace).toBe(kustomization('base').namespace);
    expect(changed.containers.map(({ name }: Named) => name)).toEqual([container.name]);
  });

  it('mounts volumes that are there, each once', () => {
    const names = (entries: readonly Named[] = []) => entries.map(({ name }) => name);
    const volumes = [...names(pod.volumes), ...names(changed.volumes)];
    const mounts = [...names(container.volumeMounts), ...names(changed.containers[0].volumeMounts)];
    expect(new Set(volumes).size).toBe(volumes.length);
    expect(mounts.sort()).toEqual(volumes.sort());
  });

  it('appends flags that the patch finds', () => {
    for (const { target, patch } of patches.filter(({ patch }: { patch?: string }) => patch !== undefined)) {
      expect(target).toEqual({ kind: daemonSet.kind, name: daemonSet.metadata.name });
      expect(patch).toContain('/spec/template/spec/containers/0/args/-');
    }
    expect(container.args.length).toBeGreaterThan(0);
  });
});

it('asks for no more than is needed', () => {
  expect(pod).toMatchObject({
    hostNetwork: true,
    automountServiceAccountToken: false,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(container.securityContext).toEqual({
    runAsUser: 0,
    runAsGroup: 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  const writable = container.volumeMounts.filter(({ readOnly }: { readOnly?: boolean }) => readOnly !== true);
  expect(writable).toEqual([{ name: 'state', mountPath: '/state' }]);
});

it('lets a node that is blind not hold up a rollout', () => {
  expect(container.readinessProbe.httpGet).toEqual({ path: '/-/healthy', port: container.ports[0].name });
});

it('is scraped under the name that the rules know, within the published limit', () => {
  const { spec } = readFirst(join(KUBERNETES, 'prometheus-operator/pod-monitor.yaml'));
  const [endpoint] = spec.podMetricsEndpoints;
  const [job] = readFirst('deploy/prometheus/static.yml').scrape_configs;
  expect(spec.selector.matchLabels).toEqual(daemonSet.spec.template.metadata.labels);
  expect(daemonSet.spec.selector.matchLabels).toEqual(daemonSet.spec.template.metadata.labels);
  expect(spec.sampleLimit).toBe(job.sample_limit);
  expect(endpoint.port).toBe(container.ports[0].name);
  expect(endpoint.relabelings).toContainEqual({ targetLabel: 'job', replacement: job.job_name });
});

it('names no registry: whoever builds the image says where it is', () => {
  expect(container.image).toBe('srcroute-exporter');
  expect(kustomization('base').images).toEqual([{ name: 'srcroute-exporter', newTag: version() }]);
});

function version(): string {
  return readFirst('package.json').version;
}
