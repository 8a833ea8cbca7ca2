// What the questions of one origin may cost, as links and sessions see it; who keeps the account is the hub.

/** The questions of one origin. */
export interface QuestionTurns {
  /** Milliseconds for which a question about this room has to wait; 0: it is answered now. */
  wait(room: string): number;
  /** An answer was made. */
  spent(room: string, milliseconds: number): void;
}
