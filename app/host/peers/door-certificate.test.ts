import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { makeDoorCertificate } from './door-certificate.ts';

test('the certificate names nobody, is another one each time, and holds', () => {
  const made = Array.from({ length: 50 }, () => new X509Certificate(makeDoorCertificate().cert));
  for (const certificate of made) {
    expect(certificate.subject).toBeFalsy();
    expect(certificate.issuer).toBeFalsy();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  }
  expect(new Set(made.map(({ fingerprint256 }) => fingerprint256)).size).toBe(50);
  expect(new Set(made.map(({ validFrom, validTo }) => validFrom + validTo)).size).toBe(1);
});

test('TLS 1.3 stands on it, and both ends have one secret that no other connection has', async () => {
  const ends: tls.TLSSocket[] = [];
  const server = tls.createServer({ ...makeDoorCertificate(), minVersion: 'TLSv1.3' }, (socket) => ends.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const secrets: string[] = [];
  try {
    for (let turn = 0; turn < 2; turn += 1) {
      const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      await Promise.all([once(socket, 'secureConnect'), once(server, 'secureConnection')]);
      for (const end of [socket, ends.at(-1)])
        secrets.push(end?.exportKeyingMaterial(32, 'x', Buffer.alloc(0)).toString('hex') ?? '');
      expect(socket.getProtocol()).toBe('TLSv1.3');
      socket.destroy();
    }
  } finally {
    ends.forEach((end) => end.destroy());
    server.close();
  }
  expect(secrets[0]).toBe(secrets[1]);
  expect(secrets[2]).toBe(secrets[3]);
  expect(secrets[0]).not.toBe(secrets[2]);
});
