// Close codes of Caravan's sockets (section CC of PROTOCOL.md). 44xx are final: a stock y-websocket client stops for good. 45xx mean: come back later.

export const CLOSE = Object.freeze({
  /** The frame cannot be decoded, or a rule of PROTOCOL.md forbids it. */
  badFrame: 4400,
  /** No ticket, or one that does not hold. */
  notAuthenticated: 4401,
  /** The device may not open this room, or may no longer. Unknown rooms look the same. */
  forbidden: 4403,
  /** Something else is stored under the clocks of what was sent: what this end has of the document must be loaded anew. */
  reload: 4409,
  /** The room was purged, or is kept unopened because its content cannot be read safely. */
  gone: 4410,
  /** A frame or document beyond its limit. */
  tooLarge: 4413,
  /** The other end speaks no version that this one knows. */
  version: 4426,
  /** Too many frames. */
  tooMany: 4429,
  /** This end is stopping. */
  stopping: 4503,
  /** This end cannot store now (disk full, store damaged); what was sent was not acknowledged. */
  cannotStore: 4507,
  /** The other end reads too slowly. */
  slow: 4509,
  /** The other end was silent for too long. */
  silent: 4504,
});

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Whether a client that was closed with `code` must not come back by itself. */
export function isFinalClose(code: number): boolean {
  return code >= 4400 && code <= 4499;
}
