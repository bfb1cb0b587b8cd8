import { createHmac, randomBytes } from 'node:crypto';
import { BcryptWorker } from './bcrypt-worker.ts';
import { BoundedSet } from './bounded-set.ts';
import { FairQueue } from './fair-queue.ts';
import type { Credentials } from './parse-credentials.ts';

const MAX_WAITING = 64;
// Apart, so that no number of wrong passwords takes the place of a right one.
const MAX_RIGHT = 100;
const MAX_WRONG = 1_000;

/**
 * Tells who is a user. What was right or wrong once is remembered, as a digest that means nothing outside of this process;
 * anything else costs a comparison in another thread.
 */
export class Passwords {
  readonly #worker = new BcryptWorker();
  readonly #queue = new FairQueue<boolean>(MAX_WAITING);
  readonly #right = new BoundedSet(MAX_RIGHT);
  readonly #wrong = new BoundedSet(MAX_WRONG);
  readonly #pending = new Map<string, Promise<boolean>>();
  readonly #secret = randomBytes(32);

  /**
   * Takes the users with their bcrypt hashes (at least one), what a client gives, and which client, returns whether the client is
   * that user. Rejects with `Busy` when too many comparisons wait.
   *
   * A name that no user has is compared with the hash of one who is, chosen by the name and always in the same way: the time
   * that it takes tells nothing about who exists, whatever the costs of the hashes are.
   */
  async areRight(
    users: ReadonlyMap<string, string>,
    { user, password }: Credentials,
    client: string,
  ): Promise<boolean> {
    const own = users.get(user);
    const hash = own ?? this.#standIn(users, user);
    const digest = this.#digest(own === undefined ? 'nobody' : 'user', user, hash, password);
    if (this.#right.has(digest)) return true;
    if (this.#wrong.has(digest)) return false;
    const pending = this.#pending.get(digest);
    if (pending) return pending;
    const asked = this.#queue
      .do(client, () => this.#worker.compare(password, hash))
      .then((fits) => {
        const right = fits && own !== undefined;
        (right ? this.#right : this.#wrong).add(digest);
        return right;
      })
      .finally(() => this.#pending.delete(digest));
    this.#pending.set(digest, asked);
    return asked;
  }

  #standIn(users: ReadonlyMap<string, string>, user: string): string {
    const hashes = [...users.values()];
    const choice = Number.parseInt(this.#digest('stand-in', user).slice(0, 12), 16) % hashes.length;
    return hashes[choice] ?? '';
  }

  #digest(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(parts)).digest('hex');
  }
}
