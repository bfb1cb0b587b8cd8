interface Job<Result> {
  run(): Promise<Result>;
  resolve(result: Result | PromiseLike<Result>): void;
  reject(reason: Busy): void;
}

/** Why a job was not done: too many wait, and most of them are of the same client. */
export class Busy extends Error {}

/**
 * Does jobs one at a time, each client's in turn, however many another has waiting. When all places are taken, the client
 * that has the most loses its last, or a new one that has as many gets none.
 */
export class FairQueue<Result> {
  readonly #max: number;
  // The client whose turn it is comes first.
  readonly #waiting = new Map<string, Job<Result>[]>();
  #size = 0;
  #running = false;

  /** Takes how many may wait. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Takes whose job it is and the job, returns what the job gives. Rejects with `Busy` when there is no place for it. */
  do(client: string, run: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#size += 1;
      const own = this.#waiting.get(client);
      const job = { run, resolve, reject };
      if (own) own.push(job);
      else this.#waiting.set(client, [job]);
      if (this.#size > this.#max) this.#dropOne();
      if (!this.#running) this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const done = job.run();
      job.resolve(done);
      await done.catch(() => {});
    }
    this.#running = false;
  }

  #next(): Job<Result> | undefined {
    const [turn] = this.#waiting;
    if (turn === undefined) return undefined;
    const [client, jobs] = turn;
    const job = jobs.shift();
    this.#waiting.delete(client);
    if (jobs.length > 0) this.#waiting.set(client, jobs);
    this.#size -= 1;
    return job;
  }

  /** The newest client comes last: among as many it is the one that gives way. */
  #dropOne(): void {
    const [client, jobs] = [...this.#waiting].reduce((most, each) => (each[1].length >= most[1].length ? each : most));
    jobs.pop()?.reject(new Busy());
    if (jobs.length === 0) this.#waiting.delete(client);
    this.#size -= 1;
  }
}
