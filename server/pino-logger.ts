// The logger port on pino: one line of JSON an event, on stderr. It adds nothing that the port does not carry.
import { pino, destination, type Logger as Pino } from 'pino';
import type { Logger, LogLevel } from '../shared/base/logger.ts';

/** Synchronous, so that the last lines before an end are not lost. */
export function stderrLogger(level: LogLevel): Logger {
  return wrap(pino({ level, base: { name: 'caravan-relay' } }, destination({ fd: 2, sync: true })), '');
}

function wrap(lines: Pino, scope: string): Logger {
  return {
    log: (level, event, fields = {}) => lines[level]({ scope, ...fields }, event),
    child: (name) => wrap(lines, scope === '' ? name : `${scope}.${name}`),
  };
}
