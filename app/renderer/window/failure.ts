// What a call's failure is in words for the person at the window; hosts word them already, so this only unwraps.

export function failureWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
