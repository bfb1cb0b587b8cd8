import type { ParsedWebConfig } from './parse-web-config.ts';
import type { WebConfig } from './web-config.ts';

/**
 * Takes the configuration in force, a new one and where the new one is written; throws a SyntaxError of the place if a reload
 * may not go from one to the other. A file that is being written looks like one that was emptied: it must not open to
 * everybody what was guarded. What a listening server cannot change needs a restart as well.
 */
export function refuseWeaker(before: WebConfig, after: WebConfig, { document, tls }: ParsedWebConfig): void {
  if ((before.tls === undefined) !== (after.tls === undefined)) {
    document.fail(`TLS cannot be turned ${after.tls ? 'on' : 'off'} by a reload: restart the exporter`);
  }
  if (before.users.size > 0 && after.users.size === 0) {
    document.fail('The last of basic_auth_users cannot be taken away by a reload: restart the exporter');
  }
  const [from, to] = [before.tls?.clientAuthType, after.tls?.clientAuthType];
  if (from !== to)
    tls?.place.fail(`client_auth_type cannot go from ${from} to ${to} by a reload: restart the exporter`);
}
