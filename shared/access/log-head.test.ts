// Shows that a head is believed only from the relay that signed it, and that a registration proof is bound to its nonce.
import { CompactSign } from 'jose';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../base/encoding.ts';
import { createDeviceKey, importPrivateKey } from './device-key.ts';
import { readHead, signHead } from './log-head.ts';
import { isRegistrationKey, randomRegistrationKey, registrationProof } from './registration.ts';
import { issueTicket } from './ticket.ts';

const id = 'a'.repeat(43);
const said = { workspace: id, length: 3, head: 'b'.repeat(43), at: 1_700_000_000_000 };

describe('signed heads', () => {
  it('say what the relay signed, and nothing under another key', async () => {
    const [relay, other] = [await createDeviceKey(), await createDeviceKey()];
    const head = await signHead(relay, said);
    expect(await readHead(head, relay)).toEqual({ v: 1, ...said });
    expect(await readHead(head, other)).toBeNull();
    expect(await readHead(head, { id: relay.id, publicKey: other.publicKey })).toBeNull();
  });

  it('are refused when edited, without end, of another type, or with more in them', async () => {
    const relay = await createDeviceKey();
    const head = await signHead(relay, said);
    const [top, , signature] = head.split('.');
    const edited = Buffer.from(JSON.stringify({ v: 1, ...said, length: 2 })).toString('base64url');
    expect(await readHead(`${top}.${edited}.${signature}`, relay)).toBeNull();
    expect(await readHead('x'.repeat(100_000), relay)).toBeNull();
    expect(await readHead('', relay)).toBeNull();
    const ticket = await issueTicket(relay, { device: id, workspace: id, room: '*', now: said.at });
    expect(await readHead(ticket, relay)).toBeNull();
    const more = await new CompactSign(utf8(JSON.stringify({ v: 1, ...said, more: 1 })))
      .setProtectedHeader({ alg: 'EdDSA', kid: relay.id, typ: 'caravan-head+jws' })
      .sign(await importPrivateKey(relay));
    expect(await readHead(more, relay)).toBeNull();
  });
});

describe('registration', () => {
  it('a proof is of one key, one workspace and one nonce', async () => {
    const key = randomRegistrationKey();
    expect(isRegistrationKey(key)).toBe(true);
    expect([isRegistrationKey(''), isRegistrationKey(`${key}=`), isRegistrationKey('short')]).toEqual([
      false,
      false,
      false,
    ]);
    const proof = await registrationProof(key, id, 'nonce');
    expect(proof).toBe(await registrationProof(key, id, 'nonce'));
    const others = await Promise.all([
      registrationProof(randomRegistrationKey(), id, 'nonce'),
      registrationProof(key, 'other', 'nonce'),
      registrationProof(key, id, 'other'),
    ]);
    expect(others).not.toContain(proof);
    await expect(registrationProof('short', id, 'nonce')).rejects.toThrow(TypeError);
  });
});
