// One Electron window over its MessagePort: calls as texts, rooms as ports of their own. It brokers nothing and starts no host.
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import type { MessagePortLike } from '../../shared/link/message-port.ts';
import { acceptPortSockets, portTexts } from '../../shared/link/port-socket.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { SUBPROTOCOL } from '../../shared/protocol/room-messages.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { WindowHost } from './window-host.ts';
import type { OpenPorts } from './open-ports.ts';
import { serveCallsOver } from './window-calls.ts';

/** Serves until the window's end is gone or the result is disposed. `open` counts the window's port, and each room's for itself. */
export function serveWindowPort(host: WindowHost, port: MessagePortLike, open: OpenPorts): Disposable {
  const all = new DisposableStore();
  all.add(open.hold());
  const texts = all.add(portTexts(port));
  const serving = all.add(serveCallsOver(host, texts));
  all.add(texts.onText((text) => serving.receive(text)));
  all.add(texts.onEnd(() => all.dispose()));
  all.add(
    acceptPortSockets(port, (path, protocols, transport) => {
      const held = open.hold();
      transport.onClose(() => held.dispose());
      const room = path.slice(1);
      if (parseRoomName(room)) host.serveRoom(room, protocols.includes(SUBPROTOCOL.ack), transport);
      else transport.close(CLOSE.forbidden, 'There is no such room.');
    }),
  );
  return all;
}
