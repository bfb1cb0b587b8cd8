import { hashSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { Busy } from '../../../src/web/protection/fair-queue.ts';
import { Passwords } from '../../../src/web/protection/passwords.ts';

const USERS = new Map([
  ['ann', hashSync('secret of ann', 4)],
  ['bob', hashSync('pässwörd', 4).replace('$2b$', '$2y$')],
]);

/** Resolves when the event loop has come round: a comparison in this thread would be done by then. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Passwords', () => {
  it.each([
    ['ann', 'secret of ann', true],
    ['bob', 'pässwörd', true],
    ['ann', 'secret of bob', false],
    ['ann', '', false],
    ['ann', 'pässwörd', false],
    ['carol', 'secret of ann', false],
    ['carol', 'pässwörd', false],
    ['', '', false],
  ])('of %j and %j says %s, the second time as well', async (user, password, right) => {
    const passwords = new Passwords();
    expect(await passwords.areRight(USERS, { user, password }, 'client')).toBe(right);
    expect(await passwords.areRight(USERS, { user, password }, 'client')).toBe(right);
  });

  it('knows no user any more who was taken away, and none by an old password', async () => {
    const passwords = new Passwords();
    const credentials = { user: 'ann', password: 'secret of ann' };
    expect(await passwords.areRight(USERS, credentials, 'client')).toBe(true);
    const others = new Map([['bob', USERS.get('bob') ?? '']]);
    expect(await passwords.areRight(others, credentials, 'client')).toBe(false);
    const renewed = new Map([['ann', hashSync('another', 4)]]);
    expect(await passwords.areRight(renewed, credentials, 'client')).toBe(false);
    expect(await passwords.areRight(USERS, credentials, 'client')).toBe(true);
  });

  it('answers at once what it knows, whatever else is being compared', async () => {
    const passwords = new Passwords();
    const credentials = { user: 'ann', password: 'secret of ann' };
    await passwords.areRight(USERS, credentials, 'client');
    const slow = new Map([...USERS, ['slow', hashSync('x', 4).replace('$04$', '$14$')]]);
    const waiting = passwords.areRight(slow, { user: 'slow', password: 'wrong' }, 'attacker');
    let done = false;
    waiting.then(() => {
      done = true;
    });
    await turn();
    expect(await passwords.areRight(slow, credentials, 'client')).toBe(true);
    expect(done).toBe(false);
    expect(await waiting).toBe(false);
  });

  it('compares the same once, however often it is asked meanwhile, and refuses a crowd', async () => {
    const passwords = new Passwords();
    const same = Array.from({ length: 500 }, () =>
      passwords.areRight(USERS, { user: 'ann', password: 'wrong' }, 'client'),
    );
    expect(new Set(await Promise.all(same))).toEqual(new Set([false]));
    const crowd = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        passwords.areRight(USERS, { user: 'ann', password: String(index) }, 'attacker'),
      ),
    );
    const refused = crowd.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(Busy);
    expect(await passwords.areRight(USERS, { user: 'ann', password: 'secret of ann' }, 'client')).toBe(true);
  });
});
