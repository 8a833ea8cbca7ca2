// What is said to a screen reader in the window's one polite live region; can be turned off in the settings.

export class Announcer {
  readonly #enabled: () => boolean;
  #text = $state('');
  #turn = false;

  constructor(enabled: () => boolean) {
    this.#enabled = enabled;
  }

  get text(): string {
    return this.#text;
  }

  say(text: string): void {
    if (!this.#enabled()) return;
    // The same words twice are heard twice only when the region's text differs.
    this.#turn = !this.#turn;
    this.#text = this.#turn ? text : `${text}\u00a0`;
  }
}
