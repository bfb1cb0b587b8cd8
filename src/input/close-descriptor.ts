import { closeSync } from 'node:fs';

/**
 * Closes a descriptor that was only read from. Throws nothing: whatever close(2) reports, Linux has released the descriptor, and what was
 * read is still to be handed on.
 */
export function closeDescriptor(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Nothing depends on it.
  }
}
