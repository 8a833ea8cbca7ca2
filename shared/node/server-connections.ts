// Every connection of an HTTP server from its first byte to its last, so that a server's end waits for nobody. It answers nothing.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Node waits for ever at a server's end for connections that were upgraded, and cuts none of them: neither one whose upgrade came
 * while the others were told goodbye, nor one that was refused and never closed by its other end. Made before the server listens.
 */
export class ServerConnections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #stopped: Promise<void> | null = null;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** Takes no more; those that are open go on. */
  stopListening(): void {
    // A server that never listened has nothing to close, and says so with an error.
    this.#stopped ??= new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Cuts what is open; resolves when nothing of the server is left. */
  async close(): Promise<void> {
    this.stopListening();
    for (const socket of this.#open) socket.destroy();
    await this.#stopped;
  }
}
