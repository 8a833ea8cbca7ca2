// The one error class that is thrown on purpose, and the closed union of its codes.

/** Every code that an AppError can carry. Codes are stable: scripts and tests match on them. */
export type ErrorCode =
  | 'bad-input' // what the caller gave cannot be used; details say which part
  | 'not-found'
  | 'already-exists'
  | 'not-allowed'
  | 'closed' // the thing asked was closed or is closing
  | 'cancelled'
  | 'unreachable' // no answer from the other end
  | 'timeout'
  | 'disk-full'
  | 'read-only' // the folder or file cannot be written
  | 'damaged' // stored bytes fail their checks
  | 'too-new' // written by a newer version
  | 'too-large'
  | 'locked' // another process owns the folder
  | 'unsupported'
  | 'internal';

/** How an error crosses a process border: plain data, no stack. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * An expected failure with a stable code. The message is written for people: what happened, what was kept, what to do.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Turns anything thrown into plain data for a border; what is not an AppError becomes `internal`. */
export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** The AppError that a WireError stands for. */
export function fromWireError(error: WireError): AppError {
  return new AppError(error.code, error.message, error.details ? { details: error.details } : {});
}
