// A command that has printed its result, which is not a good one: nothing more is said, and the exit code is 1.

export class QuietFailure extends Error {
  override name = 'QuietFailure';
}
