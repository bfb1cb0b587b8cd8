export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['logfmt', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Further pairs of a log line, printed in their order; an undefined one is left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one line per call. `print` writes whatever the level: for what was asked for by a flag of its own. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  print(message: string, fields?: LogFields): void;
}

/**
 * Takes the lowest level that is written, the form of the lines, where they go, and the clock (milliseconds since the epoch).
 * What is logged may come from an attacker: no value can end its line or reach a terminal as a control character.
 */
export function createLog(level: LogLevel, format: LogFormat, write: (line: string) => void, now: () => number): Log {
  const line = format === 'json' ? JSON.stringify : logfmt;
  const emit = (of: LogLevel, msg: string, fields: LogFields = {}) =>
    write(`${harmless(line({ time: new Date(now()).toISOString(), level: of, msg, ...fields }))}\n`);
  const at = (of: LogLevel) =>
    LOG_LEVELS.indexOf(of) < LOG_LEVELS.indexOf(level)
      ? () => {}
      : (message: string, fields?: LogFields) => emit(of, message, fields);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    print: (message, fields) => emit('info', message, fields),
  };
}

function logfmt(pairs: LogFields): string {
  return Object.entries(pairs)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${/^[\w.:/@+-]+$/.test(String(value)) ? value : JSON.stringify(String(value))}`)
    .join(' ');
}

/** JSON.stringify escapes C0; DEL, C1 and what turns the direction of text act on terminals too. */
function harmless(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
