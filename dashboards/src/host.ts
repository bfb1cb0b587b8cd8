import type { Board } from './board.ts';
import { CAN_WE_SEE } from './host/can-we-see.ts';
import { EVENTS } from './host/events.ts';
import { EXPORTER } from './host/exporter.ts';
import { LOG } from './host/log.ts';
import { NOW } from './host/now.ts';
import { PLACES } from './host/places.ts';
import { POSTURE } from './host/posture.ts';
import { HOST_BOARD_UID } from './links.ts';

/** One host in full: where the rows of the overview lead. */
export const HOST: Board = {
  uid: HOST_BOARD_UID,
  title: 'Source routing: one host',
  description: 'Sysctls, events, blind spots, the log and the exporter itself, of one host.',
  allHosts: false,
  rows: [NOW, POSTURE, EVENTS, CAN_WE_SEE, LOG, PLACES, EXPORTER],
};
