/**
 * How much each series rose within the range of the board, for counters that are born with a value. Takes a selector; gives a
 * vector without metric name. `increase()` alone would show nothing of a series that appears: so a series that was not there
 * in the hour before the range gives all it has. What remains wrong: of a host that Prometheus knows for less than the range,
 * what its exporter counted earlier is in the figure.
 */
export function rise(selector: string): string {
  const before = `last_over_time(${selector}[1h] offset $__range)`;
  return `(
  increase(${selector}[$__range]) and ${before}
  or (max_over_time(${selector}[$__range]) unless ${before})
)`;
}

/** 1 for what was not there in the hour before the range, 0 for what was, by labels. Takes a selector. */
export function isNew(selector: string, labels: string): string {
  return `0 * group by (${labels}) (last_over_time(${selector}[1h] offset $__range))
or group by (${labels}) (max_over_time(${selector}[$__range]))`;
}
