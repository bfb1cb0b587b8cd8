import type { Log } from '../../log/log.ts';
import type { WebConfig } from '../../web/config/web-config.ts';
import type { Protection } from '../../web/protection.ts';
import type { Environment } from '../environment.ts';
import { checked } from '../flags/read-flag.ts';
import { type Reloadable, reloadable } from './reloadable.ts';

/** A web configuration that was right when it was read. */
export interface OpenedWebConfig {
  /** From now on follows its files; gives the configuration for reloads, and what guards the servers by it. */
  guard(
    log: Log,
    environment: Pick<Environment, 'now' | 'monotonic'>,
  ): { readonly file: Reloadable<WebConfig>; readonly protection: Protection };
}

/**
 * Reads a web configuration file and the certificates it names. Throws UsageError naming file and line. What it needs is
 * loaded here: most starts are without one.
 */
export async function openWebConfig(file: string): Promise<OpenedWebConfig> {
  const [{ WebConfigFiles }, { followWebConfig }, { configuredProtection }] = await Promise.all([
    import('../../web/config/web-config-files.ts'),
    import('../../web/config/follow-web-config.ts'),
    import('../../web/protection/configured-protection.ts'),
  ]);
  const files = new WebConfigFiles(file);
  const initial = checked('web.config.file', () => files.read());
  return {
    guard(log, { now, monotonic }) {
      const reloading = reloadable(file, initial, () => files.read(), log, now);
      const clock = () => monotonic() * 1000;
      const current = followWebConfig(files, reloading, clock);
      return { file: reloading, protection: configuredProtection(current, clock, (message) => log.error(message)) };
    },
  };
}
