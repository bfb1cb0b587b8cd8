/**
 * Asks Prometheus what Grafana would ask for a board. Takes the address of Prometheus, the board, and the range in seconds (Unix time).
 * Gives the result of each query by panel id and letter. Rejects with what Prometheus says when it refuses.
 */
export async function askPrometheus(url, board, { from, to }) {
  const range = to - from;
  // Some 200 points a line; never less than a scrape.
  const step = Math.max(5, Math.ceil(range / 200));
  const answers = {};
  for (const { id, targets = [] } of board.panels) {
    answers[id] = {};
    for (const { refId, expr, instant } of targets) {
      const query = interpolate(expr, range);
      const parameters = instant ? { query, time: to } : { query, start: from, end: to, step };
      answers[id][refId] = await ask(`${url}/api/v1/${instant ? 'query' : 'query_range'}`, parameters);
    }
  }
  return answers;
}

/** All hosts, as Grafana writes its variables. */
function interpolate(expr, range) {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range_s', String(range))
    .replaceAll('$__range', `${range}s`)
    .replaceAll('$job', '.+')
    .replaceAll('$instance', '.+');
}

async function ask(url, parameters) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });
  const { data, error } = await response.json();
  if (data === undefined) throw new Error(`Prometheus refuses ${parameters.query}: ${error}`);
  return data.result;
}
