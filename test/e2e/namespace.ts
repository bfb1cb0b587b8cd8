import { type Cleanup, run, runBeside } from './tools.ts';

let count = 0;

/** A network namespace of one's own; it goes with everything in it at the end. */
export class Namespace {
  readonly name: string;
  /** What runs a command in it. */
  readonly prefix: readonly string[];

  constructor(cleanup: Cleanup) {
    count += 1;
    this.name = `srcroute-e2e-${process.pid}-${count}`;
    this.prefix = ['ip', 'netns', 'exec', this.name];
    run('ip', ['netns', 'add', this.name]);
    cleanup(() => void run('ip', ['netns', 'delete', this.name]));
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  run(command: string, ...args: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.name, command, ...args]);
  }

  runBeside(command: string, args: readonly string[], input?: string): Promise<string> {
    return runBeside('ip', ['netns', 'exec', this.name, command, ...args], input);
  }

  /** Writes a sysctl, by its path under /proc/sys. */
  sysctl(path: string, value: string | number): void {
    run('ip', ['netns', 'exec', this.name, 'tee', `/proc/sys/${path}`], String(value));
  }

  /** Loads nftables rules. */
  nft(rules: string): void {
    run('ip', ['netns', 'exec', this.name, 'nft', '-f', '-'], rules);
  }
}

/** Sets a sysctl of the machine until the end. */
export function setSysctl(path: string, value: string | number, cleanup: Cleanup): void {
  const file = `/proc/sys/${path}`;
  const before = run('cat', [file]);
  cleanup(() => void run('tee', [file], before));
  run('tee', [file], String(value));
}
