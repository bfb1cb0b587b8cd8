import { statSync } from 'node:fs';

/**
 * Says whether the network namespace that is read through `procfs` is the host's: 1 if
 * `sys/net/core/message_cost` is there, which exists in the initial namespace only (net/core/sysctl_net_core.c), 0 if
 * it is not and `somaxconn`, which every namespace has, is; `undefined` if neither is there or it cannot be told. Needs
 * no privilege, unlike the namespace links of pid 1. Throws nothing.
 */
export function readHostNetworkNamespace(procfs: string): 0 | 1 | undefined {
  const inInitialOnly = exists(`${procfs}/sys/net/core/message_cost`);
  if (inInitialOnly === undefined) return undefined;
  if (inInitialOnly) return 1;
  return exists(`${procfs}/sys/net/core/somaxconn`) ? 0 : undefined;
}

// existsSync would call a file absent that may only not be looked at.
function exists(path: string): boolean | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return undefined;
  }
}
