import type { Log } from '../log/log.ts';
import { FileInput } from './file.ts';
import { KmsgRecords } from './kmsg-records.ts';
import type { From, InputPosition, InputStats } from './record.ts';

/** A file that holds records in the form of /dev/kmsg, a line each, and may grow. */
export class KmsgCapture extends FileInput {
  readonly #kmsg: KmsgRecords;

  /** Takes the path, the statistics to keep, where to begin, the log, the clock (milliseconds since the epoch), and how far a former process read. */
  constructor(path: string, stats: InputStats, from: From, log: Log, now: () => number, saved?: InputPosition) {
    // Its records carry no time: another boot's clock says nothing here.
    const kmsg = new KmsgRecords(stats, () => undefined);
    kmsg.next = saved?.files === undefined ? undefined : saved.sequence;
    const read = (text: string, start: number, end: number) => kmsg.read(text.slice(start, end), true);
    super(path, stats, from, { read, follow() {}, lastTime: () => undefined }, log, now, saved?.files);
    this.#kmsg = kmsg;
  }

  override position(): InputPosition {
    return { ...super.position(), sequence: this.#kmsg.next };
  }
}
