import { describe, expect, it } from 'vitest';
import { landingPage } from '../../src/web/landing.ts';
import { serveSite } from './serve.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const ESCAPED = '&lt;img src=x onerror=alert(1)&gt;';

const hostile = landingPage({
  version: HOSTILE,
  telemetryPath: `/"${HOSTILE}'`,
  readiness: { ready: false, reason: HOSTILE },
  tables: [{ title: HOSTILE, note: HOSTILE, columns: [HOSTILE, '&amp;'], rows: [[HOSTILE, HOSTILE]] }],
});

describe('landingPage', () => {
  it('escapes every string', () => {
    expect(hostile).not.toContain('<img');
    expect(hostile.split(ESCAPED).length - 1).toBe(8);
    expect(hostile).toContain(`href="./&quot;${ESCAPED}&#39;"`);
    expect(hostile).toContain('&amp;amp;');
  });

  it('loads nothing from anywhere and runs nothing', () => {
    expect(hostile).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b/i);
    expect(hostile).not.toMatch(/\b(https?:)?\/\/|@import|url\(/i);
    expect(hostile.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\son\w+=/i);
  });

  it('is a document that a reader and a screen reader can use', () => {
    const page = landingPage({
      version: '1.2.3',
      telemetryPath: '/metrics',
      readiness: { ready: true, reason: 'every input is open' },
      tables: [
        { title: 'Events', note: 'Since the start.', columns: ['Event', 'Count'], rows: [['source_route_option', 42]] },
        { title: 'Inputs', columns: ['Input', 'Up'], rows: [] },
      ],
    });
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).toContain('color-scheme: light dark');
    expect(page).toContain('<th scope="col">Event</th><th scope="col">Count</th>');
    expect(page).toContain('<tr><th scope="row">source_route_option</th><td>42</td></tr>');
    expect(page).toContain('<tr><td colspan="2">none</td></tr>');
    expect(page.match(/href="[^"]*"/g)).toEqual(['href="./metrics"', 'href="./-/healthy"', 'href="./-/ready"']);
    // The heading names the table, and the sentence under it describes it.
    expect(page).toContain('<h2 id="table-1">Events</h2>');
    expect(page).toContain('<table aria-labelledby="table-1" aria-describedby="table-1-note">');
    expect(page).toContain('<table aria-labelledby="table-2">');
    expect(page).toContain('<strong>every input is open</strong>');
  });

  it('is served with headers that forbid everything but its own style', async () => {
    const tables = [{ title: 'Log', columns: ['Line'], rows: [[HOSTILE]] }];
    const { url } = await serveSite({ status: () => tables });
    const response = await fetch(url);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const page = await response.text();
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    expect(policy).toContain(`style-src 'sha256-${Buffer.from(digest).toString('base64')}'`);
    expect(page).toContain(ESCAPED);
    expect(page).not.toContain('<img');
  });
});
