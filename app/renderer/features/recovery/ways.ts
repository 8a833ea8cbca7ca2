// Which way out of a damaged store is offered first, and why another cannot be gone; pure words about a host's state.
import type { RecoveryState } from '../../../contract/recovery.ts';

export type WayKind = 'repair' | 'restore' | 'refill';

/** Why a way cannot be gone, or null. */
export function hindrance(state: RecoveryState, way: WayKind): string | null {
  if (state.found === null) return 'The store is still being read';
  if (way === 'repair' && state.readable === null) return 'No document in it can be read';
  if (way === 'restore' && state.snapshots.length === 0) return 'There is no snapshot on this computer';
  if (way === 'refill' && !state.workspaces.some(({ relay }) => relay !== null)) {
    return 'No workspace has a relay that could fill it';
  }
  return null;
}

/** The way that keeps most: what can be read here, else a snapshot, else others. */
export function firstWay(state: RecoveryState): WayKind {
  return (['repair', 'restore', 'refill'] as const).find((way) => hindrance(state, way) === null) ?? 'refill';
}

/** What nobody else has when the store is filled again from others. */
export function aloneHere(state: RecoveryState): readonly string[] {
  return state.workspaces.filter(({ relay }) => relay === null).map(({ title }) => title);
}

export function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function counted(number: number, one: string): string {
  return `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;
}
