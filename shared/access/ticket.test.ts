// Shows that a ticket opens what it names, here and now, and that everything else gets the same answer.
import fc from 'fast-check';
import { base64url, CompactSign, importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../base/encoding.ts';
import { createDeviceKey } from './device-key.ts';
import type { DeviceKey } from './identity.ts';
import { challengeSigner, issueTicket, readChallenge, readTicket, signChallenge, TICKET_LIFE } from './ticket.ts';

let relay: DeviceKey;
let other: DeviceKey;
let device: DeviceKey;
let workspace: string;
const NOW = 1_800_000_000_000;
const ROOM = 'space/document';

beforeAll(async () => {
  [relay, other, device] = [await createDeviceKey(), await createDeviceKey(), await createDeviceKey()];
  workspace = (await createDeviceKey()).id;
});

const issue = (by = relay): Promise<string> => issueTicket(by, { device: device.id, workspace, room: ROOM, now: NOW });
const read = (text: string, at = NOW, of: Partial<{ workspace: string; room: string }> = {}): Promise<string | null> =>
  readTicket(text, relay, { workspace, room: ROOM, now: at, ...of });

describe('ticket', () => {
  it('opens its room for its device until it ends', async () => {
    const ticket = await issue();
    expect(await read(ticket)).toBe(device.id);
    expect(await read(ticket, NOW + TICKET_LIFE - 1)).toBe(device.id);
    expect(await read(ticket, NOW + TICKET_LIFE)).toBeNull();
    expect(await read(ticket, NOW - 10 * 60_000)).toBeNull();
    expect(await read(ticket, NOW, { room: 'space/other' })).toBeNull();
    expect(await read(ticket, NOW, { room: '*' })).toBeNull();
    expect(await read(ticket, NOW, { workspace: other.id })).toBeNull();
  });

  it("is refused without signature, with HS256 over the public key, by another relay, another type, and longer than the relay's own", async () => {
    const privateKey = await importJWK({ ...relay.publicKey, d: relay.d }, 'EdDSA');
    const seconds = NOW / 1000;
    const content = {
      aud: relay.id,
      exp: seconds + 600,
      iss: relay.id,
      nbf: seconds,
      room: ROOM,
      sub: device.id,
      v: 1,
      workspace,
    };
    const sign = (payload: object, header: object = {}): Promise<string> =>
      new CompactSign(utf8(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'EdDSA', kid: relay.id, typ: 'caravan-ticket+jwt', ...header })
        .sign(privateKey);
    // Spelt as the relay does: what is refused below is refused for the one thing that is different.
    expect(await read(await sign(content))).toBe(device.id);
    const head = base64url.encode(JSON.stringify({ alg: 'none', kid: relay.id, typ: 'caravan-ticket+jwt' }));
    const refused = [
      `${head}.${base64url.encode(JSON.stringify(content))}.`,
      await new SignJWT(content as never)
        .setProtectedHeader({ alg: 'HS256', kid: relay.id, typ: 'caravan-ticket+jwt' })
        .sign(utf8(relay.publicKey.x.padEnd(64, '='))),
      await issue(other),
      await signChallenge(relay, { relay: relay.id, workspace, nonce: 'n'.repeat(22) }),
      await sign(content, { typ: 'JWT' }),
      await sign(content, { kid: other.id }),
      await sign(content, { jku: 'https://example.org' }),
      await sign({ ...content, exp: seconds + 3_600 }),
      await sign({ ...content, aud: other.id }),
      await sign({ ...content, role: 'owner' }),
      await sign({ ...content, v: 2 }),
    ];
    for (const [at, text] of refused.entries()) expect(await read(text), String(at)).toBeNull();
  });

  it('is refused when any one character of it was changed, and so is every other text', async () => {
    const ticket = await issue();
    await fc.assert(
      fc.asyncProperty(fc.nat(ticket.length - 1), fc.constantFrom('A', 'b', '0', '_', '.'), async (at, by) => {
        const forged = ticket.slice(0, at) + by + ticket.slice(at + 1);
        // The last character of base64url may spell the same bytes in two ways.
        if (forged === ticket || at === ticket.length - 1) return;
        expect(await read(forged)).toBeNull();
      }),
      { numRuns: 200 },
    );
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => (await read(text)) === null));
  });
});

describe('challenge', () => {
  it('is read with the key that signed it and no other', async () => {
    const nonce = 'n'.repeat(22);
    const text = await signChallenge(device, { relay: relay.id, workspace, nonce });
    expect(challengeSigner(text)).toBe(device.id);
    expect(await readChallenge(text, device.id, device.publicKey)).toEqual({ v: 1, relay: relay.id, workspace, nonce });
    expect(await readChallenge(text, device.id, other.publicKey)).toBeNull();
    expect(await readChallenge(await issue(), relay.id, relay.publicKey)).toBeNull();
    fc.assert(fc.property(fc.string(), (other) => challengeSigner(other) === null));
  });
});
