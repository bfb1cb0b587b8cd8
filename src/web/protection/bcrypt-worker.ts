import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

// A text and not a file: it runs the same from sources and from the build. The module is found from here, not from the
// directory that the process happens to be in.
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { compareSync } = require(workerData);
parentPort.on('message', ({ password, hash }) => parentPort.postMessage(compareSync(password, hash)));
`;

/** A thread that compares passwords with bcrypt hashes: each takes a tenth of a second and more, and would hold every scrape. */
export class BcryptWorker {
  #worker: Worker | undefined;

  /**
   * Takes a password and a hash, returns whether they fit; rejects when the thread breaks, which the next call replaces. One at a time:
   * the caller waits for the answer before it asks again.
   */
  compare(password: string, hash: string): Promise<boolean> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const settle = () => {
        worker.off('message', answered);
        worker.off('error', failed);
        worker.off('exit', failed);
      };
      const answered = (fits: boolean) => {
        settle();
        resolve(fits);
      };
      const failed = (cause: unknown) => {
        settle();
        this.#worker = undefined;
        reject(new Error('The thread that compares passwords has ended', { cause }));
      };
      worker.once('message', answered);
      worker.once('error', failed);
      worker.once('exit', failed);
      worker.postMessage({ password, hash });
    });
  }

  #start(): Worker {
    const workerData = createRequire(import.meta.url).resolve('bcryptjs');
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 32 },
    });
    // It ends with the process, and keeps it from nothing. Without a listener an error between two calls would end both.
    worker.unref();
    worker.on('error', () => {});
    return worker;
  }
}
