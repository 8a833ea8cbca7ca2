// CRC-32C, by which LevelDB guards its blocks and records, and LevelDB's masking of it. Not the CRC-32 of our own values.

const POLYNOMIAL = 0x82f63b78;
const MASK_DELTA = 0xa282ead8;

/** Four tables: four bytes are taken at a time, so that a large store is checked at hundreds of megabytes a second. */
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): readonly Uint32Array[] {
  const tables = [0, 1, 2, 3].map(() => new Uint32Array(256));
  const [first] = tables;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    if (first) first[byte] = crc;
  }
  for (const [at, table] of tables.entries()) {
    if (at > 0) for (let byte = 0; byte < 256; byte += 1) table[byte] = stepWith(first, tables[at - 1]?.[byte] ?? 0, 0);
  }
  return tables;
}

function stepWith(table: Uint32Array | undefined, crc: number, byte: number): number {
  return ((table?.[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)) >>> 0;
}

/** State before any byte; `take` bytes, then `finish`. */
export const CRC_START = 0xffffffff;

/** One byte more. */
export function takeByte(state: number, byte: number): number {
  return stepWith(TABLES[0], state, byte);
}

export function take(state: number, bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = TABLES;
  let crc = state;
  let at = 0;
  if (t0 && t1 && t2 && t3) {
    for (; at + 4 <= bytes.length; at += 4) {
      const word =
        crc ^
        ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24));
      crc =
        (t3[word & 0xff] ?? 0) ^
        (t2[(word >>> 8) & 0xff] ?? 0) ^
        (t1[(word >>> 16) & 0xff] ?? 0) ^
        (t0[word >>> 24] ?? 0);
    }
  }
  for (; at < bytes.length; at += 1) crc = stepWith(t0, crc, bytes[at] ?? 0);
  return crc >>> 0;
}

/** As it stands in the file: a CRC of bytes that hold CRCs would be weak, so LevelDB turns and shifts it. */
export function finishMasked(state: number): number {
  const crc = (state ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
