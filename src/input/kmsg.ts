import { statSync } from 'node:fs';
import type { Log } from '../log/log.ts';
import { FileInput } from './file.ts';
import type { InputClocks } from './input-clocks.ts';
import { KmsgDevice } from './kmsg-device.ts';
import { KmsgFifo } from './kmsg-fifo.ts';
import { KmsgRecords } from './kmsg-records.ts';
import { openError } from './open-error.ts';
import { type From, type Input, newInputStats, type Step } from './record.ts';

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

  /** Takes the path, where to begin, the log, and the clocks. */
  constructor(path: string, from: From, log: Log, clocks: InputClocks) {
    this.name = path;
    this.#from = from;
    this.#log = log;
    this.#clocks = clocks;
  }

  step(): Step {
    const kind = this.#look();
    if (this.#inner === undefined || kind !== this.#kind) {
      this.#inner?.close();
      this.#inner = this.#make(kind);
      this.#kind = kind;
    }
    this.#inner.onWake(this.#wake);
    return this.#inner.step();
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
    this.#inner?.onWake(wake);
  }

  close(): void {
    this.#inner?.close();
  }

  /** What bears the name. An input that is open already knows best what to do when nothing does. */
  #look(): Kind {
    try {
      const stats = statSync(this.name);
      return stats.isFIFO() ? 'fifo' : stats.isCharacterDevice() ? 'device' : 'capture';
    } catch (error) {
      this.#wasMissing = true;
      if (this.#kind !== undefined) return this.#kind;
      throw openError(this.name, error, 'device');
    }
  }

  #make(kind: Kind): Input {
    switch (kind) {
      case 'device':
        return new KmsgDevice(this.name, this.stats, this.#from, this.#clocks.now, this.#clocks.monotonic);
      case 'fifo':
        return new KmsgFifo(this.name, this.stats);
      case 'capture': {
        // Its records carry no time: another boot's clock says nothing here.
        const records = new KmsgRecords(this.stats, () => undefined);
        const from = this.#wasMissing ? 'start' : this.#from;
        return new FileInput(
          this.name,
          this.stats,
          from,
          (line) => records.read(line, true),
          this.#log,
          this.#clocks.now,
        );
      }
    }
  }
}
