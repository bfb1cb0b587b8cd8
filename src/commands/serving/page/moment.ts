/** A time for a person, in UTC. Takes seconds since the epoch; undefined is `never`. Throws nothing. */
export function moment(seconds: number | undefined): string {
  if (seconds === undefined) return 'never';
  const time = new Date(seconds * 1000);
  // A log may name a time that no calendar has.
  return Number.isNaN(time.getTime()) ? 'unknown' : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
