// The name of an attachment's bytes: their SHA-256 in lower-case hex, so that names stay apart where case does not count. It hashes nothing.

const NAME = /^[0-9a-f]{64}$/;

/** Total: anything else than such a text is none. */
export function isBlobName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
