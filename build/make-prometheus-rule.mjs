// Makes the PrometheusRule of the Prometheus operator from the rule file, comments and all:
//   node build/make-prometheus-rule.mjs <alerts/srcroute.rules.yml >deploy/kubernetes/prometheus-operator/prometheus-rule.yaml
import { text } from 'node:stream/consumers';

const rules = await text(process.stdin);
const groups = rules.indexOf('\ngroups:\n') + 1;
if (groups === 0) throw new Error('Cannot find "groups:" on a line of its own in what came on standard input');
process.stdout.write(`# Made from alerts/srcroute.rules.yml by build/make-prometheus-rule.mjs: change it there.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: srcroute-exporter
  labels:
    app.kubernetes.io/name: srcroute-exporter
spec:
${rules.slice(groups).replace(/^(?=.)/gm, '  ')}`);
