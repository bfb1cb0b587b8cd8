import { hashSync } from 'bcryptjs';
import { expect, it } from 'vitest';
import { BcryptWorker } from '../../../src/web/protection/bcrypt-worker.ts';

it('is replaced when it breaks', async () => {
  const worker = new BcryptWorker();
  const hash = hashSync('right', 4);
  // What cannot be compared ends the thread.
  await expect(worker.compare(undefined as unknown as string, hash)).rejects.toThrow(
    'The thread that compares passwords has ended',
  );
  expect(await worker.compare('right', hash)).toBe(true);
  expect(await worker.compare('wrong', hash)).toBe(false);
});
