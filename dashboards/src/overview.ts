import type { Board } from './board.ts';
import { AT_A_GLANCE } from './overview/at-a-glance.ts';
import { CAN_WE_SEE } from './overview/can-we-see.ts';
import { EVENTS } from './overview/events.ts';
import { POSTURE } from './overview/posture.ts';

/** The first look, over all hosts. */
export const OVERVIEW: Board = {
  uid: 'srcroute-overview',
  title: 'Source routing: overview',
  description:
    'Who sends source-routed packets to these hosts, whether the hosts would accept them, and whether we would see it.',
  allHosts: true,
  rows: [AT_A_GLANCE, EVENTS, POSTURE, CAN_WE_SEE],
};
