import type { Row } from '../board.ts';
import { select } from '../select.ts';
import { table } from '../table.ts';
import { timeline } from '../timeline.ts';
import { VISIBILITY, VISIBILITY_STATES } from '../visibility-queries.ts';

/** Would we know? */
export const CAN_WE_SEE: Row = {
  title: 'Can we see?',
  panels: [
    timeline({
      title: 'Would it be seen?',
      about: {
        means: 'For each kind of event, whether the kernel of this host would print it: yes, no, or cannot be told.',
        not: 'cannot be told is no yes: whether a firewall rule logs, for one, the exporter does not know. A gap is a time without data.',
        next: 'no: the reasons are beside. yes that became no: somebody changed log_martians or dynamic debug at that time.',
      },
      width: 12,
      height: 7,
      queries: [{ expr: VISIBILITY, legend: '{{event}} ({{instance}})' }],
      states: VISIBILITY_STATES,
      noValue: 'cannot be told: the host does not answer',
    }),
    table({
      title: 'Why not',
      about: {
        means:
          'Each reason why a kind of event would not be seen here. dynamic_debug_absent: this kernel was built without the line. dynamic_debug_off, log_martians_off: it can be switched on. packets_accepted: an interface accepts, which is silent. log_unreadable, foreign_network_namespace: the exporter lacks a right or runs in a container.',
        not: 'Empty does not prove that a firewall rule logs.',
        next: 'log_martians_off: sysctl net.ipv4.conf.all.log_martians=1. dynamic_debug_off: switch the call site on; it spends the shared rate limit of kernel messages. dynamic_debug_absent: nothing helps but another kernel. packets_accepted: see Posture first.',
      },
      width: 12,
      height: 7,
      queries: [`max by (instance, event, reason) (${select('srcroute_event_blind_spot')} == 1)`],
      columns: [
        { field: 'event', title: 'Event' },
        { field: 'reason', title: 'Reason' },
        { field: 'instance', title: 'Instance' },
      ],
      sortBy: 'Event',
      ascending: true,
      noValue: 'no reason is known',
    }),
  ],
};
