// A private D-Bus with a daemon of our own that owns org.freedesktop.Notifications: what a browser hands to the desktop, and a person's click on it. A test double of the desktop, on the real bus.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Message, sessionBus, type MessageBus } from '@jellybrick/dbus-next';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
/** Why a notification closed, as the specification numbers it: by a call of its owner. */
const BY_CALL = 3;

/** What the desktop was asked to show. */
export interface Shown {
  readonly id: number;
  readonly summary: string;
  readonly body: string;
}

/** The program, or null where the package `dbus` is not installed. */
export function dbusDaemon(): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, 'dbus-daemon')).find((file) => existsSync(file)) ?? null;
}

export class DesktopBus {
  readonly address: string;
  readonly shown: Shown[] = [];
  readonly #daemon: ChildProcess;
  readonly #bus: MessageBus;

  private constructor(daemon: ChildProcess, address: string) {
    this.#daemon = daemon;
    this.address = address;
    this.#bus = sessionBus({ busAddress: address });
    this.#bus.addMethodHandler((message) => this.#hear(message));
  }

  /** @param program of dbusDaemon(). The caller closes it. */
  static async open(program: string): Promise<DesktopBus> {
    const daemon = spawn(program, ['--session', '--nofork', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!daemon.stdout) throw new Error('The bus has no standard output.');
    const [address] = (await once(createInterface({ input: daemon.stdout }), 'line')) as [string];
    const desktop = new DesktopBus(daemon, address);
    await desktop.#bus.requestName(NAME);
    return desktop;
  }

  /** The person clicks on it. */
  click(id: number): void {
    this.#bus.send(Message.newSignal(PATH, NAME, 'ActionInvoked', 'us', [id, 'default']));
  }

  async close(): Promise<void> {
    this.#bus.disconnect();
    const ended = once(this.#daemon, 'exit');
    this.#daemon.kill();
    await ended;
  }

  #hear(message: Message): boolean {
    if (message.interface !== NAME) return false;
    const answer = (signature: string, body: unknown[]): true => {
      this.#bus.send(Message.newMethodReturn(message, signature, body));
      return true;
    };
    switch (message.member) {
      case 'GetCapabilities':
        return answer('as', [['actions', 'body']]);
      case 'GetServerInformation':
        return answer('ssss', ['desktop', 'caravan', '1', '1.2']);
      case 'Notify': {
        const [, , , summary, body] = message.body as [string, number, string, string, string];
        const id = this.shown.length + 1;
        this.shown.push({ id, summary, body });
        return answer('u', [id]);
      }
      case 'CloseNotification': {
        answer('', []);
        this.#bus.send(Message.newSignal(PATH, NAME, 'NotificationClosed', 'uu', [message.body[0], BY_CALL]));
        return true;
      }
      default:
        return false;
    }
  }
}
