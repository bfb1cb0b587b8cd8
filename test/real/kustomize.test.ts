import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { TEST_RUN } from '../test-run.ts';

const KUBERNETES = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url));

const render = (folder: string) => spawnSync('kubectl', ['kustomize', `${KUBERNETES}${folder}`], { encoding: 'utf8' });

// Debian's kubectl is older than what these files ask for: this one is not required anywhere, test/deploy/ has what needs no tool.
const absent = TEST_RUN === 'quick' || render('base').status !== 0;

describe.skipIf(absent)(
  `kustomize${absent ? ' (skipped, missing: kubectl with kustomize 4 or later)' : ''} makes of`,
  () => {
    const daemonSet = (folder: string) => {
      const { status, stdout, stderr } = render(folder);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const objects = parseAllDocuments(stdout).map((document) => document.toJS());
      expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'DaemonSet']);
      const { template } = objects[1].spec;
      const [container] = template.spec.containers;
      return {
        spec: template.spec,
        container,
        mounts: container.volumeMounts.map(({ name }: { name: string }) => name),
      };
    };

    it('privileged: a container with the device, and every right', () => {
      const { container, mounts } = daemonSet('privileged');
      expect(container.securityContext).toEqual({
        runAsUser: 0,
        runAsGroup: 0,
        privileged: true,
        readOnlyRootFilesystem: true,
      });
      expect(mounts).toContain('kmsg');
    });

    it('log-file: no capability, the group of the log, and the log', () => {
      const { spec, container, mounts } = daemonSet('log-file');
      expect(container.securityContext.capabilities).toEqual({ drop: ['ALL'] });
      expect(spec.securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' }, supplementalGroups: [4] });
      expect(container.args).toContain('--input.file=/host/log/kern.log');
      expect(container.args).toContain('--path.rootfs=/host/root');
      expect(mounts).toContain('log');
    });

    it('device-plugin: one capability, and the device by its plugin', () => {
      const { container } = daemonSet('device-plugin');
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'], add: ['SYSLOG'] },
      });
      expect(container.resources.limits).toEqual({ memory: '256Mi', 'squat.ai/kmsg': '1' });
    });

    it('prometheus-operator: what to scrape, and the rules', () => {
      const { status, stdout } = render('prometheus-operator');
      expect(status).toBe(0);
      expect(parseAllDocuments(stdout).map((document) => document.toJS().kind)).toEqual([
        'PodMonitor',
        'PrometheusRule',
      ]);
    });
  },
);
