import { describe, expect, it } from 'vitest';
import { parseListenAddress } from '../../src/web/listen-address.ts';
import { listenError } from '../../src/web/listen-error.ts';

describe('listenError', () => {
  it.each([
    ['EADDRINUSE', 'the port is in use by another process; choose another with --web.listen-address'],
    ['EACCES', 'this user may not listen on that port; '],
    ['EADDRNOTAVAIL', 'this host has no such address; '],
    ['EAFNOSUPPORT', 'this host does not support that kind of address; '],
    ['ENOTFOUND', 'the host name does not resolve; '],
    ['EAI_AGAIN', 'the host name does not resolve for now; '],
    ['EMFILE', 'listen EMFILE: too many; check --web.listen-address'],
  ])('names the address and what to do for %s', (code, advice) => {
    const cause = Object.assign(new Error(`listen ${code}:\ntoo many`), { code });
    const error = listenError(parseListenAddress('host:80'), cause, []);
    expect(error.message).toContain(`Cannot listen on "host:80": ${advice}`);
    expect(error.message).toMatch(/^.*--web\.listen-address.*$/);
    expect(error.cause).toBe(cause);
  });
});
