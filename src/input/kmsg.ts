import { statSync } from 'node:fs';
import type { Log } from '../log/log.ts';
import type { InputClocks } from './input-clocks.ts';
import { KmsgCapture } from './kmsg-capture.ts';
import { KmsgDevice } from './kmsg-device.ts';
import { KmsgFifo } from './kmsg-fifo.ts';
import { openError } from './open-error.ts';
import { type From, type Input, type InputPosition, newInputStats, type Step } from './record.ts';

type Kind = 'device' | 'fifo' | 'capture';

/**
 * The input of `--input.kmsg`: the device, or what stands in for it, a pipe or a growing file in the same form. Which of them is
 * seen when it is there.
 */
export class KmsgInput implements Input {
  readonly name: string;
  readonly stats = newInputStats();
  readonly #from: From;
  readonly #log: Log;
  readonly #clocks: InputClocks;
  #kind: Kind | undefined;
  #inner: Input | undefined;
  #wake = () => {};
  #wasMissing = false;
  #isTroubled = false;
  readonly #boot: string;
  readonly #saved: InputPosition | undefined;

  /** Takes the path, where to begin, the log, the clocks, the present boot, and how far a former process read. */
  constructor(path: string, from: From, log: Log, clocks: InputClocks, boot: string, saved?: InputPosition) {
    this.name = path;
    this.#from = from;
    this.#log = log;
    this.#clocks = clocks;
    this.#boot = boot;
    this.#saved = saved;
  }

  step(): Step {
    if (this.#inner === undefined || this.#isTroubled) this.#choose();
    const inner = this.#inner as unknown as Input;
    this.#isTroubled = true;
    const step = inner.step();
    this.#isTroubled = step.trouble !== undefined;
    return step;
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
  }

  position(): InputPosition | undefined {
    if (this.#inner !== undefined) return this.#inner.position();
    // What comes to a name that is missing is all new, to the next process too.
    return this.#saved ?? (this.#wasMissing ? { files: [] } : undefined);
  }

  close(): void {
    this.#inner?.close();
  }

  /** What bears the name may have become something else. */
  #choose(): void {
    const kind = this.#look();
    if (this.#inner !== undefined && kind === this.#kind) return;
    this.#inner?.close();
    this.#inner = this.#make(kind);
    this.#inner.onWake(() => this.#wake());
    this.#kind = kind;
  }

  /** What bears the name. An input that is open already knows best what to do when nothing does. */
  #look(): Kind {
    try {
      const stats = statSync(this.name);
      return stats.isFIFO() ? 'fifo' : stats.isCharacterDevice() ? 'device' : 'capture';
    } catch (error) {
      this.#wasMissing = true;
      if (this.#kind !== undefined) return this.#kind;
      // A file that was rotated away meanwhile is finished under its new name.
      if ((this.#saved?.files?.length ?? 0) > 0) return 'capture';
      throw openError(this.name, error, 'device');
    }
  }

  #make(kind: Kind): Input {
    switch (kind) {
      case 'device':
        return new KmsgDevice(this.name, this.stats, this.#from, this.#clocks, this.#boot, this.#saved);
      case 'fifo':
        return new KmsgFifo(this.name, this.stats, this.#clocks.now);
      case 'capture':
        return new KmsgCapture(
          this.name,
          this.stats,
          this.#wasMissing ? 'start' : this.#from,
          this.#log,
          this.#clocks.now,
          this.#saved,
        );
    }
  }
}
