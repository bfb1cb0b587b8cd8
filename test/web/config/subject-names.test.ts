import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { canonicalName, subjectNames } from '../../../src/web/config/subject-names.ts';

const certificate = (name: string) =>
  new X509Certificate(readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url)));

it('gives names of every kind', () => {
  expect(subjectNames(certificate('client'))).toEqual([
    'prometheus.example',
    'ops@example.org',
    '192.0.2.7',
    '2001:db8::7',
    'spiffe://example.org/prometheus',
  ]);
});

it('takes one name that reads like two for one', () => {
  expect(subjectNames(certificate('hostile'))).toEqual(['x, DNS:prometheus.example']);
});

it('finds none where there is none', () => {
  expect(subjectNames(certificate('ca'))).toEqual([]);
});

it.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['192.0.2.1', '192.0.2.1'],
  ['Prometheus.example', 'Prometheus.example'],
])('%s is compared as %s', (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});
