// Who was the first to claim which clocks of which client: a number for each stretch. No document, no bytes.

interface Claim {
  readonly start: number;
  readonly end: number;
  readonly by: number;
}

export class ClaimedRanges {
  /** Sorted, and apart. */
  readonly #clients = new Map<number, Claim[]>();

  /** What is claimed already stays whose it is. */
  claim(client: number, start: number, end: number, by: number): void {
    const claims = this.#clients.get(client) ?? [];
    this.#clients.set(client, claims);
    const last = claims.at(-1);
    // Nearly always: a client's clocks come in their order.
    if (!last || start >= last.end) {
      append(claims, { start, end, by });
      return;
    }
    const first = firstEndingAfter(claims, start);
    const fresh: Claim[] = [];
    let at = start;
    let index = first;
    for (; index < claims.length && at < end; index += 1) {
      const claim = claims[index];
      if (!claim || claim.start >= end) break;
      if (claim.start > at) fresh.push({ start: at, end: claim.start, by });
      fresh.push(claim);
      at = Math.max(at, claim.end);
    }
    if (at < end) fresh.push({ start: at, end, by });
    claims.splice(first, index - first, ...fresh);
  }

  /** The claims within a range of clocks, in order; stretches that nobody claimed come as -1. */
  *within(client: number, start: number, end: number): Iterable<Claim> {
    const claims = this.#clients.get(client) ?? [];
    let at = start;
    for (let index = firstEndingAfter(claims, start); index < claims.length && at < end; index += 1) {
      const claim = claims[index];
      if (!claim || claim.start >= end) break;
      if (claim.start > at) yield { start: at, end: claim.start, by: -1 };
      const from = Math.max(at, claim.start);
      at = Math.min(end, claim.end);
      yield { start: from, end: at, by: claim.by };
    }
    if (at < end) yield { start: at, end, by: -1 };
  }

  /** Who claimed one clock; -1 for nobody. */
  at(client: number, clock: number): number {
    const claims = this.#clients.get(client) ?? [];
    const claim = claims[firstEndingAfter(claims, clock)];
    return claim && claim.start <= clock ? claim.by : -1;
  }
}

function append(claims: Claim[], claim: Claim): void {
  const last = claims.at(-1);
  if (last?.end === claim.start && last.by === claim.by) claims[claims.length - 1] = { ...last, end: claim.end };
  else claims.push(claim);
}

function firstEndingAfter(claims: readonly Claim[], clock: number): number {
  let [low, high] = [0, claims.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((claims[middle]?.end ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}
