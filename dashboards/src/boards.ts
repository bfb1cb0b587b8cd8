import type { Board } from './board.ts';
import { HOST } from './host.ts';
import { OVERVIEW } from './overview.ts';

/** The boards, by the name of their file in dashboards/. */
export const BOARDS: Readonly<Record<string, Board>> = { 'overview.json': OVERVIEW, 'host.json': HOST };
