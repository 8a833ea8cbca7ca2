// Log lines as JSON on stderr: all of them for programs (--json), for people only what went wrong.
import type { LogFields, Logger, LogLevel } from '../../shared/base/logger.ts';
import type { CliEnvironment } from './environment.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export function lineLogger(
  environment: Pick<CliEnvironment, 'err' | 'env'>,
  everything: boolean,
  scope = 'host',
): Logger {
  const least = environment.env['CARAVAN_DEBUG'] ? RANK.debug : everything ? RANK.info : RANK.error;
  return {
    log(level: LogLevel, event: string, fields: LogFields = {}) {
      if (RANK[level] < least) return;
      environment.err(JSON.stringify({ time: new Date().toISOString(), level, scope, event, ...fields }));
    },
    child: (inner) => lineLogger(environment, everything, `${scope}.${inner}`),
  };
}
