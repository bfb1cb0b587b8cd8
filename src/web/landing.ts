import { createHash } from 'node:crypto';
import { escapeHtml } from './escape-html.ts';
import type { Readiness, StatusTable } from './site.ts';

// System colours follow the reader's light, dark or high-contrast choice by themselves.
const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.4 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem; background: Canvas; color: CanvasText; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; margin: 0; }
h2 { font-size: 1.0625rem; margin: 1.25rem 0 0; }
p { margin: .125rem 0 .375rem; max-width: 55rem; }
ul { margin: .5rem 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; }
a { color: LinkText; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
th, td { text-align: start; vertical-align: top; padding: .125rem 1.25rem .125rem 0; border-bottom: 1px solid GrayText; unicode-bidi: isolate; }
thead th { white-space: nowrap; }
tbody th { font-weight: normal; }
footer { margin-top: 1.25rem; }
`;

/** The Content-Security-Policy of the page: its own style by hash and nothing else, and no frame around it. */
export const LANDING_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the landing page shows. */
export interface Landing {
  version: string;
  /** Path of the metrics, beginning with a slash. */
  telemetryPath: string;
  readiness: Readiness;
  tables: readonly StatusTable[];
}

/**
 * Renders the landing page as one HTML document that loads nothing. Every string is escaped: interface names, paths and
 * log lines may hold anything. Links are relative, so that they work behind a proxy that serves the page under a prefix.
 */
export function landingPage({ version, telemetryPath, readiness, tables }: Landing): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>srcroute-exporter</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>srcroute-exporter ${escapeHtml(version)}</h1>
<p>Source routing on this host: what its kernel log says of it, and whether the host accepts it.</p>
<nav aria-label="Endpoints">
<ul>
<li><a href="${escapeHtml(`.${telemetryPath}`)}">Metrics</a></li>
<li><a href="./-/healthy">Health</a></li>
<li><a href="./-/ready">Readiness</a></li>
</ul>
</nav>
</header>
<main>
<p><strong>${escapeHtml(readiness.reason)}</strong></p>
${tables.map(section).join('\n')}
</main>
<footer>
<p>On the host itself, <code>srcroute-exporter check</code> shows every interface, and the commands that mend what is wrong.</p>
</footer>
</body>
</html>
`;
}

function section({ title, note, columns, rows }: StatusTable, index: number): string {
  const id = `table-${index + 1}`;
  const described = note === undefined ? '' : ` aria-describedby="${id}-note"`;
  const body = rows.length === 0 ? `<tr><td colspan="${Math.max(columns.length, 1)}">none</td></tr>` : rows.map(row);
  // A wide table scrolls inside its region; tabindex lets the keyboard do it. A caption would scroll away with it: the heading is its name.
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escapeHtml(title)}</h2>${note === undefined ? '' : `\n<p id="${id}-note">${escapeHtml(note)}</p>`}
<div class="scroll" role="group" aria-labelledby="${id}" tabindex="0">
<table aria-labelledby="${id}"${described}>
<thead><tr>${columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('')}</tr></thead>
<tbody>
${[body].flat().join('\n')}
</tbody>
</table>
</div>
</section>`;
}

function row(cells: StatusTable['rows'][number]): string {
  const [first = '', ...rest] = cells.map((cell) => escapeHtml(String(cell)));
  return `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
