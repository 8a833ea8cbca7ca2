// Text that Yjs can encode: what is stored must be what the writer saw.

/** Half surrogate pairs cannot be encoded: a peer would see another text than the writer. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
