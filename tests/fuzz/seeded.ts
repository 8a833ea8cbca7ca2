// Chance that comes from a seed, and random ids that do: so that a run can be repeated. Not for anything but tests.

/** mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Random ids come from the seed until the answer is called; then they are the runtime's again. */
export function seedIds(seed: number): () => void {
  const random = randomOf(seed);
  const real = crypto.getRandomValues.bind(crypto);
  const seeded = (bytes: Uint8Array): Uint8Array => bytes.map(() => Math.floor(random() * 256));
  crypto.getRandomValues = ((bytes: Uint8Array) => {
    bytes.set(seeded(bytes));
    return bytes;
  }) as typeof crypto.getRandomValues;
  return () => {
    crypto.getRandomValues = real;
  };
}
