// The logger port: scope, event, fields; never document text, never a secret.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** A logger whose lines carry `scope` as well. */
  child(scope: string): Logger;
}

/** Writes nothing. */
export const silentLogger: Logger = {
  log: () => undefined,
  child: () => silentLogger,
};
