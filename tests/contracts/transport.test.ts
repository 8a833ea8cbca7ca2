// Runs the transport contract on the adapters that need no socket: the test pipe and message ports.
import { MessageChannel } from 'node:worker_threads';
import { MessagePortTransport } from '../../shared/link/message-port-transport.ts';
import { Pipe } from '../support/pipe.ts';
import { transportContract } from './transport-contract.ts';

transportContract('pipe', () => Promise.resolve(Object.assign(new Pipe(), { dispose: () => undefined })));

transportContract('message port', () => {
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve({
    a: new MessagePortTransport(port1),
    b: new MessagePortTransport(port2),
    dispose: () => {
      port1.close();
      port2.close();
    },
  });
});
