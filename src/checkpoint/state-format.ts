import { createHash } from 'node:crypto';
import type { State } from './state.ts';

const FORMAT = 'srcroute-exporter-state';
/** Another major version means something else by the same keys. New keys are no new version. */
const MAJOR = 1;

/** Why a state file cannot be used: damaged (truncated, altered, or never ours), or of another major version. */
export type Unusable = 'damaged' | 'unsupported';

/** The text of a state file: JSON with a version, and a checksum (SHA-256) of what it holds. */
export function encodeState(state: State): string {
  return `${JSON.stringify({ format: FORMAT, major: MAJOR, sha256: checksum(state), state })}\n`;
}

/** Takes the text of a state file, whichever release of this major version wrote it. */
export function decodeState(text: string): State | Unusable {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return 'damaged';
  }
  if (!isObject(file) || file.format !== FORMAT) return 'damaged';
  if (file.major !== MAJOR) return 'unsupported';
  return file.sha256 === checksum(file.state) && isState(file.state) ? file.state : 'damaged';
}

function checksum(state: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(state) ?? '')
    .digest('hex');
}

/** The checksum vouches for the rest: what has this shape was written by a release of ours. */
function isState(state: unknown): state is State {
  return isObject(state) && isObject(state.ledger) && isObject(state.ledger.events) && isObject(state.inputs);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
