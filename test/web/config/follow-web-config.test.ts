import { expect, it } from 'vitest';
import { followWebConfig } from '../../../src/web/config/follow-web-config.ts';
import type { WebConfig } from '../../../src/web/config/web-config.ts';

const configuration = (name: string): WebConfig => ({
  tls: undefined,
  headers: new Map([['X-XSS-Protection', name]]),
  users: new Map(),
  rateLimit: undefined,
});

it('reads again before it answers, when a file has changed, and looks once a second', () => {
  const [before, after] = [configuration('before'), configuration('after')];
  let now = 0;
  let looks = 0;
  let changed = false;
  const files = {
    changed: () => {
      looks += 1;
      return changed;
    },
  };
  const config = {
    current: before,
    reload: () => {
      config.current = after;
      changed = false;
    },
  };
  const current = followWebConfig(files, config, () => now);
  expect([current(), looks]).toEqual([before, 1]);
  changed = true;
  now = 999;
  expect([current(), looks]).toEqual([before, 1]);
  now = 1_000;
  expect([current(), looks]).toEqual([after, 2]);
  now = 2_500;
  expect([current(), looks]).toEqual([after, 3]);
});
