/** Why an event would not be seen. */
export type BlindSpot =
  | 'dynamic_debug_absent'
  | 'dynamic_debug_off'
  | 'log_martians_off'
  | 'packets_accepted'
  | 'log_unreadable'
  | 'foreign_network_namespace';

/** Whether one event would be seen on this host. */
export interface EventVisibility {
  event: string;
  /** 1 the kernel would print it, 0 it would not, undefined when that cannot be told. */
  observable: 0 | 1 | undefined;
  /** Everything that stands in the way, the log itself among it. */
  reasons: readonly BlindSpot[];
}
