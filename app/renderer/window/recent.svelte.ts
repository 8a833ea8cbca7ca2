// Which documents this window's profile opened last, newest first: ids and times, for the palette.
import { Remembered } from './remembered.ts';

export interface Visit {
  readonly document: string;
  readonly at: number;
}

const KEPT = 50;

function readVisits(value: unknown): readonly Visit[] {
  if (!Array.isArray(value)) return [];
  const visits: Visit[] = [];
  for (const one of value as unknown[]) {
    if (typeof one !== 'object' || one === null) continue;
    const { document, at } = one as Record<string, unknown>;
    if (typeof document === 'string' && typeof at === 'number') visits.push({ document, at });
  }
  return visits.slice(0, KEPT);
}

export class Recent {
  readonly #stored = new Remembered('recent', readVisits);
  #visits = $state.raw<readonly Visit[]>(this.#stored.get());

  get visits(): readonly Visit[] {
    return this.#visits;
  }

  visit(document: string, at: number): void {
    this.#visits = [{ document, at }, ...this.#visits.filter((one) => one.document !== document)].slice(0, KEPT);
    this.#stored.set(this.#visits);
  }
}
