import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RULES, readProjectFile } from '../../alerts/rule-file.ts';
import type { Namespace } from '../namespace.ts';
import { type Cleanup, ENVIRONMENT, makeDirectory } from '../tools.ts';
import { until } from '../until.ts';
import { shorten } from './shorten.ts';

const RECEIVER = fileURLToPath(new URL('receiver.mjs', import.meta.url));

/** An alert as Prometheus has it. */
export interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** What came at the receiver: one alert of one notification. */
export interface Notified {
  /** `/page`, `/ticket` or `/alive`. */
  readonly path: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

/**
 * Prometheus and Alertmanager, real, with the shipped files, in a network namespace: their ports there are those that the files name. Every
 * duration is divided by 60, which is the only change but for the targets.
 */
export class Monitoring {
  readonly #namespace: Namespace;
  /** In the order of their arrival. */
  readonly notified: Notified[] = [];

  private constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  /** Starts all three and waits until they answer. Takes the targets, `host:port`. */
  static async start(namespace: Namespace, targets: readonly string[], cleanup: Cleanup): Promise<Monitoring> {
    const monitoring = new Monitoring(namespace);
    const directory = makeDirectory(cleanup);
    const write = (name: string, text: string) => {
      const file = join(directory, name);
      writeFileSync(file, text);
      return file;
    };
    const scrapes = shorten(readProjectFile('deploy/prometheus/static.yml'))
      .replace(/targets:\n( +- \S+:10131\n)+/, `targets: ${JSON.stringify(targets)}\n`)
      // A third of a scrape interval is little on a machine that is flooded.
      .replace(/scrape_timeout: \S+/, 'scrape_timeout: 500ms')
      .replace('../../alerts/srcroute.rules.yml', write('rules.yml', shorten(readProjectFile(RULES))));
    const routes = shorten(readProjectFile('alerts/alertmanager.example.yml'));

    const receiver = monitoring.#spawn([process.execPath, RECEIVER], cleanup);
    let rest = '';
    receiver.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) monitoring.#receive(line);
    });
    monitoring.#spawn(
      [
        'prometheus-alertmanager',
        `--config.file=${write('alertmanager.yml', routes)}`,
        `--storage.path=${join(directory, 'alertmanager')}`,
        '--web.listen-address=127.0.0.1:9093',
        // Else it opens a port for others of its kind.
        '--cluster.listen-address=',
      ],
      cleanup,
    );
    monitoring.#spawn(
      [
        'prometheus',
        `--config.file=${write('prometheus.yml', scrapes)}`,
        `--storage.tsdb.path=${join(directory, 'prometheus')}`,
        '--web.listen-address=127.0.0.1:9090',
        // The same 60th of their defaults.
        '--query.lookback-delta=5s',
        '--rules.alert.resend-delay=1s',
      ],
      cleanup,
    );
    for (const port of [9090, 9093]) await until(`${port} is ready`, () => monitoring.#get(`${port}/-/ready`));
    return monitoring;
  }

  /** The alerts of Prometheus by name, without their prefix; those of one instance if one is given. */
  async alerts(name: string, instance?: string): Promise<PrometheusAlert[]> {
    const { data } = JSON.parse(await this.#get('9090/api/v1/alerts')) as { data: { alerts: PrometheusAlert[] } };
    return data.alerts.filter(
      ({ labels }) =>
        labels.alertname === `SourceRouting${name}` && (instance === undefined || labels.instance === instance),
    );
  }

  /** Whether Alertmanager holds an alert back because of another, by its name without the prefix. */
  async isMuted(name: string): Promise<boolean> {
    const alerts = JSON.parse(await this.#get('9093/api/v2/alerts')) as {
      labels: Record<string, string>;
      status: { state: string; inhibitedBy: string[] };
    }[];
    const states = alerts.filter(({ labels }) => labels.alertname === `SourceRouting${name}`);
    return states.length > 0 && states.every(({ status }) => status.inhibitedBy.length > 0);
  }

  /** What came for an alert, by its name without the prefix, with the newest last. */
  of(name: string, status: Notified['status']): Notified[] {
    return this.notified.filter((each) => each.labels.alertname === `SourceRouting${name}` && each.status === status);
  }

  #receive(line: string): void {
    const { path, body } = JSON.parse(line) as {
      path: string;
      body?: {
        alerts: { status: Notified['status']; labels: Record<string, string>; annotations: Record<string, string> }[];
      };
    };
    for (const { status, labels, annotations } of body?.alerts ?? []) {
      this.notified.push({ path, status, labels, description: annotations.description ?? '' });
    }
  }

  /** A path of a port of the namespace. Rejects when the answer is no success. */
  async #get(path: string): Promise<string> {
    const [first = '', ...rest] = this.#namespace.prefix;
    const curl = ['curl', '--silent', '--show-error', '--fail', `http://127.0.0.1:${path}`];
    return (await promisify(execFile)(first, [...rest, ...curl], { env: ENVIRONMENT })).stdout;
  }

  #spawn(command: readonly string[], cleanup: Cleanup): ChildProcess {
    const [first = '', ...rest] = [...this.#namespace.prefix, ...command];
    const child = spawn(first, rest, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    cleanup(() => {
      child.kill('SIGKILL');
      return ended;
    });
    return child;
  }
}
