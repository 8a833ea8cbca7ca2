// What the door must know of the codes that a computer shows: made, shown and ended elsewhere.

export interface PeerCodes {
  /** The code that the workspace shows now, in the form that people are shown without separators; null: none. */
  current(workspace: string): string | null;
  /** Nobody is let in without a code: discovery is switched off here. */
  needed(workspace: string): boolean;
  /** Somebody who knows the workspace came with another code than the current one; after a few it should hold no longer. */
  failed(workspace: string): void;
  /** Whether a device came by a code before, or was gone to by one: it needs none again. */
  knows(workspace: string, device: string): boolean;
  /** It does from now on. */
  introduced(workspace: string, device: string): void;
  /** A device has come in by the code, which is for one. */
  used(workspace: string): void;
}

/** No workspace shows codes, and none asks for one. */
export const NO_CODES: PeerCodes = Object.freeze({
  current: () => null,
  needed: () => false,
  failed: () => undefined,
  knows: () => false,
  introduced: () => undefined,
  used: () => undefined,
});

/** As it is compared: how somebody writes it down does not matter. */
export function plainCode(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase();
}
