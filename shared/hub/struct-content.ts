// How long the content of a struct is, in bytes and in clocks, without building it; the kinds are Yjs 13's. It judges nothing.
import type { ByteReader } from '../protocol/byte-reader.ts';
import { skipValues } from './update-skim.ts';

const [DELETED, JSON_TEXTS, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const [XML_ELEMENT, XML_HOOK] = [3, 5];

/** Passes over the content of a struct and tells how many clocks it takes; null for what no Yjs writes. */
export function skipContent(update: Uint8Array, reader: ByteReader, kind: number): number | null {
  switch (kind) {
    case DELETED:
      return reader.varUint();
    case STRING: {
      const length = reader.varUint();
      const from = reader.at;
      reader.skip(length);
      return codeUnits(update, from, reader.at);
    }
    case JSON_TEXTS: {
      const count = reader.varUint();
      for (let left = count; left > 0; left -= 1) reader.skipVarBytes();
      return count;
    }
    case ANY: {
      const count = reader.varUint();
      return skipValues(reader, count) ? count : null;
    }
    case BINARY:
    case EMBED:
      reader.skipVarBytes();
      return 1;
    case FORMAT:
      reader.skipVarBytes();
      reader.skipVarBytes();
      return 1;
    case TYPE: {
      const type = reader.varUint();
      if (type === XML_ELEMENT || type === XML_HOOK) reader.skipVarBytes();
      return 1;
    }
    case DOC:
      reader.skipVarBytes();
      return skipValues(reader, 1) ? 1 : null;
    default:
      return null;
  }
}

/** UTF-16 code units of a text in UTF-8: one for each character, two for those beyond the first plane. */
export function codeUnits(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte < 0xf0 ? 1 : 2;
  }
  return units;
}
