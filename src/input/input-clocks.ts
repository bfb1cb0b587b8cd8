/** The clocks of an input: milliseconds since the epoch, and seconds since boot without suspend (the clock of printk). */
export interface InputClocks {
  now(): number;
  monotonic(): number;
}
