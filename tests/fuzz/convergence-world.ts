// Hosts with windows, a relay and the links between them, playing a scenario on a clock of their own; who judges is elsewhere.
import { VolatileLinkMemory } from '../../shared/link/link-memory.ts';
import { decodeRoomFrame } from '../../shared/protocol/room-frames.ts';
import { framesOf } from '../support/sent-frames.ts';
import * as Y from 'yjs';
import { linkHubs, NOBODY, type Linked } from '../support/linked-hubs.ts';
import type { Pipe } from '../support/pipe.ts';
import { editDocument } from './convergence-edits.ts';
import { Program, type OpenStore } from './convergence-host.ts';
import { ScenarioTime } from './convergence-time.ts';
import { DOCUMENTS, WORKSPACE, type Scenario, type Step } from './convergence-scenario.ts';
import { OpenDocument } from './convergence-window.ts';
import { WordBook } from './convergence-words.ts';
import { ScenarioRelays } from './convergence-peers.ts';
import { randomOf } from './seeded.ts';
import { hashOf, storedDocument } from './stored-state.ts';

interface Host {
  readonly open: OpenStore;
  program: Program;
  readonly windows: Map<string, OpenDocument>;
  /** All that the host ever said was durable, by room: a kill may take none of it. */
  readonly promised: Map<string, Y.Doc>;
}

interface Road {
  readonly from: number;
  /** A host's number, or null for the relay. */
  readonly to: number | null;
  linked: Linked;
  /** False: nobody can be reached, whoever dials. */
  up: boolean;
  paused: boolean;
}

export class World {
  readonly book = new WordBook();
  readonly happened = { compactions: 0, lostWrites: 0, kills: 0, undone: 0 };
  readonly log: string[] = [];
  readonly time = new ScenarioTime(() => this.links.map(stateOf).join('\n'));
  readonly #scenario: Scenario;
  readonly #random: () => number;
  readonly #hosts: Host[] = [];
  readonly #roads: Road[] = [];
  /** By host: what its links to others know of its relay. */
  readonly #relays: ScenarioRelays[] = [];
  readonly #updates: { readonly room: string; readonly update: Uint8Array }[] = [];
  #relay: Host | null = null;
  #clients = 1;
  /** Every message on every pipe since the list was emptied. */
  readonly #pipes: Pipe[] = [];

  private constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#random = randomOf(scenario.ids);
  }

  static async begin(scenario: Scenario, open: (name: string) => OpenStore): Promise<World> {
    const world = new World(scenario);
    world.#relay = await world.#start(open('relay'));
    for (let at = 0; at < scenario.hosts; at += 1) world.#relays.push(new ScenarioRelays());
    for (let at = 0; at < scenario.hosts; at += 1) world.#hosts.push(await world.#start(open(`host-${String(at)}`)));
    for (let from = 0; from < scenario.hosts; from += 1) await world.#lay(from, null);
    for (const [from, to] of scenario.direct) {
      const [a, b] = [from % scenario.hosts, to % scenario.hosts];
      if (a !== b) await world.#lay(a, b);
    }
    return world;
  }

  get programs(): readonly Program[] {
    return [...this.#hosts, this.relay].map((host) => host.program);
  }

  get windows(): readonly OpenDocument[] {
    return this.#hosts.flatMap((host) => [...host.windows.values()]);
  }

  get links(): readonly Linked['link'][] {
    return this.#roads.map((road) => road.linked.link);
  }

  get linksToRelay(): readonly Linked['link'][] {
    return this.#roads.flatMap(({ to, linked }) => (to === null ? [linked.link] : []));
  }

  get linksBetween(): readonly Linked['link'][] {
    return this.#roads.flatMap(({ to, linked }) => (to === null ? [] : [linked.link]));
  }

  async play(): Promise<void> {
    for (const step of this.#scenario.steps) {
      await this.#step(step);
      for (const window of this.windows) window.check();
    }
  }

  /** Everybody meets everybody, and nothing is left to be said. */
  async settle(): Promise<void> {
    // What one hands over in the first round the others fetch in the second.
    for (let round = 0; round < 3; round += 1) {
      for (const road of this.#roads) {
        road.up = true;
        road.paused = false;
        road.linked.reachable = true;
        road.linked.pipe().resume();
        road.linked.link.retryNow();
      }
      await this.time.until(() => this.windows.every((window) => !window.isWaiting));
      await this.time.drive(Promise.all(this.links.map((link) => link.settled())));
    }
  }

  /** Cuts every connection, lets all be made anew, and answers with all messages that they then sent. */
  async again(): Promise<readonly Uint8Array[]> {
    this.#pipes.length = 0;
    for (const road of this.#roads) {
      road.linked.pipe().cut();
      road.linked.link.retryNow();
    }
    await this.time.drive(Promise.all(this.links.map((link) => link.settled())));
    return this.#pipes.flatMap((pipe) => [...pipe.a.sent, ...pipe.b.sent]);
  }

  /** What one edit costs: messages with content, on links to the relay and on those between hosts, until all have it. */
  async cost(room: string, at: number): Promise<{ readonly relay: number; readonly between: number }> {
    const count = (): { relay: number; between: number } => {
      const messages = { relay: 0, between: 0 };
      for (const { to, linked } of this.#roads) {
        messages[to === null ? 'relay' : 'between'] += carriedOver(linked.pipe());
      }
      return messages;
    };
    const roads = this.#roads.filter(({ linked }) => linked.reachable);
    const settled = (): Promise<void> =>
      this.time.drive(Promise.all(roads.map(({ linked }) => linked.link.settled()))).then(() => undefined);
    // A room that was merged at rest may just tell of deletions that were implied before: they are not the edit's.
    await settled();
    const before = count();
    const { hub } = this.#hosts[at]!.program;
    const doc = await this.time.drive(storedDocument(hub, room));
    const known = Y.encodeStateVector(doc);
    const opened = await this.time.drive(hub.open(room, NOBODY));
    if (opened.kind === 'refused') throw new Error(opened.reason);
    doc.getMap('meta').set('cost', at);
    await this.time.drive(opened.room.apply(Y.encodeStateAsUpdate(doc, known), {}));
    opened.room.dispose();
    const wanted = hashOf(doc);
    const isRelayThere = roads.some(({ to }) => to === null);
    for (const { program } of [...this.#hosts, ...(isRelayThere ? [this.relay] : [])]) {
      for (let turns = 0; hashOf(await this.time.drive(storedDocument(program.hub, room))) !== wanted; turns += 1) {
        if (turns > 2_000) throw new Error(`an edit does not come: ${this.links.map(stateOf).join('; ')}`);
        await this.time.turn();
      }
    }
    await settled();
    const after = count();
    return { relay: after.relay - before.relay, between: after.between - before.between };
  }

  /** Takes the relay out of everybody's reach. */
  async withoutRelay(): Promise<void> {
    for (const { to, linked } of this.#roads) {
      if (to !== null) continue;
      linked.reachable = false;
      linked.pipe().cut();
    }
    for (let turn = 0; turn < 100; turn += 1) await this.time.turn();
  }

  async end(): Promise<void> {
    for (const window of this.windows) window.close();
    await this.time.drive(Promise.all(this.links.map((link) => link.close())));
    await this.time.drive(Promise.all(this.programs.map((program) => program.close())));
  }

  private get relay(): Host {
    if (!this.#relay) throw new Error('no relay yet');
    return this.#relay;
  }

  async #start(open: OpenStore): Promise<Host> {
    return { open, program: await this.#program(open), windows: new Map(), promised: new Map() };
  }

  #program(open: OpenStore): Promise<Program> {
    const { clock, disks } = this.time;
    return Program.start({ open, clock, disks, random: this.#random, happened: this.happened });
  }

  async #lay(from: number, to: number | null): Promise<void> {
    const road: Road = { from, to, linked: this.#link(from, to), up: !this.#scenario.apart, paused: false };
    road.linked.reachable = road.up;
    this.#roads.push(road);
    await this.time.drive(road.linked.link.start());
  }

  #link(from: number, to: number | null): Linked {
    const { program } = this.#hosts[from]!;
    const other = (): Host => (to === null ? this.relay : this.#hosts[to]!);
    const between = this.#scenario.peers === true && to !== null;
    const linked = linkHubs(program.hub, () => other().program.hub, {
      workspace: WORKSPACE,
      clock: program.clock,
      // The newest program's clock: it is asked for each connection's timers.
      acceptClock: { now: () => this.time.clock.now(), after: (wait, run) => other().program.clock.after(wait, run) },
      memory: to === null ? program.memory() : between ? program.memory(`team/peer/${to}`) : new VolatileLinkMemory(),
      ...(between ? { hosts: { dialing: this.#relays[from]!.relays, accepting: this.#relays[to]!.relays } } : {}),
      onPipe: (pipe) => {
        this.#pipes.push(pipe);
        if (this.#roads.find((road) => road.from === from && road.to === to)?.paused) pipe.pause();
      },
    });
    if (to === null) this.#relays[from]!.follow(linked.link);
    return linked;
  }

  async #step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'edit':
      case 'undo':
      case 'redo':
        return this.#edit(step);
      case 'cut':
      case 'connect':
      case 'pause':
      case 'resume':
      case 'deliver':
        return this.#travel(step);
      case 'kill': {
        const at = step.host % this.#hosts.length;
        await this.#edit({ ...step, kind: 'edit' });
        await this.#midst(step.after);
        this.log.push(`host ${String(at)} is killed, its windows ${step.windows}`);
        return this.#kill(this.#hosts[at]!, at, step.windows === 'end');
      }
      case 'kill-relay':
        await this.#edit({ ...step, kind: 'edit' });
        await this.#midst(step.after);
        this.log.push('the relay is killed');
        return this.#kill(this.relay, null, false);
      case 'repeat':
        return this.#repeat(step.to, step.which);
      case 'compact':
        this.log.push('time for compaction');
        for (let turn = 0; turn < 40; turn += 1) await this.time.turn(20);
        return;
      case 'turns':
        for (let turn = 0; turn < step.count; turn += 1) await this.time.turn();
    }
  }

  async #edit(step: Extract<Step, { kind: 'edit' | 'undo' | 'redo' }>): Promise<void> {
    const at = step.host % this.#hosts.length;
    const { room, kind } = DOCUMENTS[step.document]!;
    const who = `host ${String(at)}`;
    if (step.kind === 'edit') {
      const window = await this.#window(this.#hosts[at]!, room, kind);
      const source = {
        random: randomOf(step.what),
        text: (length: number) => this.book.take(room, length),
        log: (line: string) => void this.log.push(line),
        loose: (text: string) => [...text].forEach((character) => this.book.loose.add(character)),
        rich: true,
      };
      this.log.push(`${who}, ${room}: ${editDocument(window, `member-${String(at)}`, this.time.clock.now(), source)}`);
      return;
    }
    const window = this.#hosts[at]!.windows.get(room);
    const may = this.#scenario.undo === 'all' || (this.#scenario.undo === 'one' && at === 0);
    if (!window?.editor || !may) return;
    const { binding } = window.editor;
    this.log.push(`${who}, ${room}: ${step.kind}`);
    window.edit(() => {
      const reverted = step.kind === 'undo' ? binding.undo() : binding.redo();
      if (reverted && step.kind === 'undo') this.happened.undone += 1;
      return step.kind;
    });
  }

  async #window(host: Host, room: string, kind: OpenDocument['kind']): Promise<OpenDocument> {
    const known = host.windows.get(room);
    if (known) return known;
    const client = this.#scenario.ids * 64 + this.#clients++;
    const window = new OpenDocument({ room, kind, client: client >>> 0 }, this.book, {
      heard: (update) => void this.#updates.push({ room, update }),
      durable: (update) => promise(host, room, update),
    });
    host.windows.set(room, window);
    await this.time.drive(window.attach(host.program.hub));
    return window;
  }

  #travel(step: Extract<Step, { link: number }>): Promise<void> | void {
    const road = this.#roads[step.link % this.#roads.length]!;
    this.log.push(`${step.kind} ${String(road.from)}-${String(road.to ?? 'relay')}`);
    const { linked } = road;
    switch (step.kind) {
      case 'cut':
        road.up = false;
        linked.reachable = false;
        linked.pipe().cut();
        break;
      case 'connect':
        road.up = true;
        linked.reachable = true;
        linked.link.retryNow();
        break;
      case 'pause':
        road.paused = true;
        linked.pipe().pause();
        break;
      case 'resume':
        road.paused = false;
        linked.pipe().resume();
        break;
      case 'deliver':
        linked.pipe().deliver(step.count);
        break;
    }
  }

  /** Turns that wait for nothing: what follows comes in the midst of the work of disks and lines. */
  async #midst(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await this.time.glance();
  }

  async #kill(host: Host, at: number | null, windowsEnd: boolean): Promise<void> {
    this.happened.kills += 1;
    for (const window of host.windows.values()) window.detach();
    const roads = this.#roads.filter((road) => road.from === at || road.to === at);
    const killed = host.program.kill();
    for (const road of roads) road.linked.pipe().cut();
    if (windowsEnd) {
      for (const window of host.windows.values()) window.close();
      host.windows.clear();
    }
    await this.time.drive(killed);
    host.program = await this.time.drive(this.#program(host.open));
    await this.#keptItsPromises(host);
    for (const road of roads) {
      if (road.from !== at) continue;
      road.linked = this.#link(road.from, road.to);
      road.linked.reachable = road.up;
      await this.time.drive(road.linked.link.start());
    }
    for (const window of host.windows.values()) await this.time.drive(window.attach(host.program.hub));
  }

  /** Everything that was said to be durable is there again, deletions included. */
  async #keptItsPromises({ program, promised }: Host): Promise<void> {
    for (const [room, doc] of promised) {
      const stored = await this.time.drive(storedDocument(program.hub, room));
      let missing = false;
      stored.on('update', () => (missing = true));
      Y.applyUpdate(stored, Y.encodeStateAsUpdate(doc));
      if (missing) throw new Error(`${room}: something is missing that was said to be durable`);
    }
  }

  async #repeat(to: number, which: number): Promise<void> {
    const found = this.#updates[which % Math.max(1, this.#updates.length)];
    if (!found) return;
    const hosts = [...this.#hosts, this.relay];
    const at = to % hosts.length;
    this.log.push(
      `an earlier update of ${found.room} comes to ${at === this.#hosts.length ? 'the relay' : String(at)}`,
    );
    const opened = await this.time.drive(hosts[at]!.program.hub.open(found.room, NOBODY));
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const { kind } = await this.time.drive(opened.room.apply(found.update, {}));
    if (kind === 'stored' || kind === 'unchanged') promise(hosts[at]!, found.room, found.update);
    opened.room.dispose();
  }
}

/** The host said that this is durable. */
function promise({ promised }: Host, room: string, update: Uint8Array): void {
  const doc = promised.get(room) ?? new Y.Doc();
  promised.set(room, doc);
  Y.applyUpdate(doc, update);
}

/** Messages with content: an answer without structs and deletions carries nothing. */
function carriedOver(pipe: Pipe): number {
  return framesOf(pipe).filter((frame) => {
    if (frame.kind !== 'data') return false;
    const message = decodeRoomFrame(frame.bytes);
    return (message?.kind === 'update' || message?.kind === 'step2') && message.update.length > 2;
  }).length;
}

function stateOf(link: Linked['link']): string {
  return `${JSON.stringify(link.status)} outbox ${JSON.stringify(link.outbox())} fetching ${String(link.fetching)}`;
}
