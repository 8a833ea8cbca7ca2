// What a journey needs and leaves behind: folders, people with their hosts and windows, and a relay that comes and goes.
import type { Browser } from '@playwright/test';
import { linkNow } from '../host-call.ts';
import { caravan, Folders, startRelay, type Program } from './programs.ts';
import { Person } from './person.ts';

export class Stage {
  readonly folders = new Folders();
  readonly people: Person[] = [];
  /** The relay process that runs now. */
  relay: Program | null = null;
  #relayData = '';
  #port = 0;

  /** Ana with a workspace on an open relay, and Bo who has joined it, both with a window; `prepare` fills Ana's folder before he joins. */
  async pair(
    browser: Browser,
    prepare: (data: string) => Promise<void> = async () => undefined,
  ): Promise<readonly [ana: Person, bo: Person]> {
    this.#relayData = await this.folders.make('relay');
    const ana = new Person('Ana', await this.folders.make('ana'), browser);
    const bo = new Person('Bo', await this.folders.make('bo'), browser);
    await Promise.all([this.startRelay(), caravan(ana.data, 'init', '--name', 'Ana', '--workspace', 'Perigee')]);
    const { link } = (await caravan(ana.data, 'relay', 'attach', this.relay?.url ?? '')) as { link: string };
    await prepare(ana.data);
    await caravan(bo.data, 'join', link, '--name', 'Bo');
    this.people.push(ana, bo);
    await Promise.all([ana.start(), bo.start()]);
    return [ana, bo];
  }

  /** Of a pair, with the data and the port that it had; whoever has a window is linked to it when this resolves. */
  async startRelay(): Promise<void> {
    this.relay = await startRelay(this.#relayData, this.#port);
    this.#port = Number(new URL(this.relay.url).port);
    await Promise.all(this.people.filter(({ isHere }) => isHere).map(({ window }) => linkNow(window)));
  }

  /** Answers its exit code. */
  async stopRelay(): Promise<number | null | undefined> {
    const { relay } = this;
    this.relay = null;
    return relay?.stop();
  }

  /** For afterEach. */
  async clear(): Promise<void> {
    for (const person of this.people.splice(0)) await person.quit();
    await this.stopRelay();
    await this.folders.remove();
  }
}
