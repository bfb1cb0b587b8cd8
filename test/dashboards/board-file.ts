import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A query of a panel, as the file has it. */
export interface TargetJson {
  refId?: string;
  expr?: string;
  instant?: boolean;
  range?: boolean;
  format?: string;
  legendFormat?: string;
  datasource?: { uid?: string };
}

/** What can be set for all fields of a panel, or for one. */
export interface FieldJson {
  unit?: string;
  min?: number;
  mappings?: unknown[];
  thresholds?: { steps: { value: number | null }[] };
  noValue?: string;
}

/** A panel, as the file has it. */
export interface PanelJson {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  collapsed?: boolean;
  datasource?: { uid?: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: TargetJson[];
  transformations?: { id: string; options: Record<string, unknown> }[];
  fieldConfig?: {
    defaults: FieldJson;
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] }[];
  };
  options?: {
    reduceOptions?: { calcs: string[] };
    legend?: { calcs: string[]; displayMode: string };
    sortBy?: { displayName: string }[];
    content?: string;
  };
}

/** A variable, as the file has it. */
export interface VariableJson {
  name: string;
  type: string;
  label?: string;
  query?: unknown;
  datasource?: { uid?: string };
  multi?: boolean;
  allValue?: string;
  refresh?: number;
}

/** A board, as the file has it. */
export interface BoardJson {
  [key: string]: unknown;
  uid?: string;
  editable?: boolean;
  tags?: string[];
  timezone?: string;
  refresh?: string;
  time?: { from: string; to: string };
  graphTooltip?: number;
  schemaVersion?: number;
  templating: { list: VariableJson[] };
  annotations: {
    list: { name: string; expr?: string; enable?: boolean; placement?: string; datasource?: { uid?: string } }[];
  };
  links: { type: string; tags: string[]; url?: string; asDropdown: boolean; placement?: string }[];
  panels: PanelJson[];
}

/** Where a board is committed. */
export function boardPath(file: string): string {
  return fileURLToPath(new URL(`../../dashboards/${file}`, import.meta.url));
}

/** The committed board, hand edits included. Throws SyntaxError naming the file when it is no JSON. */
export function readBoard(file: string): BoardJson {
  try {
    return JSON.parse(readFileSync(boardPath(file), 'utf8'));
  } catch (error) {
    throw new SyntaxError(`Cannot read dashboards/${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** How a panel is called in messages. */
export function panelName(panel: PanelJson): string {
  return `panel ${panel.id ?? '?'} "${panel.title ?? ''}"`;
}

/** One expression of a board and where it stands. */
export interface PlacedExpression {
  readonly place: string;
  readonly expr: string;
  readonly kind: 'panel' | 'variable' | 'annotation';
}

/** Every expression of a board: panels, variables (the selector within label_values), annotations. */
export function expressions(file: string, board: BoardJson): PlacedExpression[] {
  return [
    ...board.panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ refId, expr = '' }) => ({
        place: `dashboards/${file}: ${panelName(panel)}, query ${refId}`,
        expr,
        kind: 'panel' as const,
      })),
    ),
    ...board.templating.list.flatMap(({ name, type, query }) =>
      type === 'query'
        ? [
            {
              place: `dashboards/${file}: variable ${name}`,
              expr: /^label_values\((.+), \w+\)$/.exec(String(query))?.[1] ?? String(query),
              kind: 'variable' as const,
            },
          ]
        : [],
    ),
    ...board.annotations.list.map(({ name, expr = '' }) => ({
      place: `dashboards/${file}: annotation ${name}`,
      expr,
      kind: 'annotation' as const,
    })),
  ];
}

/** The expression as Grafana sends it, all hosts chosen and six hours shown. */
export function interpolate(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range_s', '21600')
    .replaceAll('$__range', '6h')
    .replaceAll('$job', '.+')
    .replaceAll('$instance', '.+');
}
