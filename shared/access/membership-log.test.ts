// Shows that the membership log refuses what is forged, reordered, replayed or hung in the wrong place.
import fc from 'fast-check';
import { CompactSign, importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '../base/random-id.ts';
import { toBase64url, utf8 } from '../base/encoding.ts';
import { createDeviceKey, readDeviceKey } from './device-key.ts';
import type { DeviceKey, RecordBody } from './identity.ts';
import { evaluateLog, hashRecord, signRecord } from './membership-log.ts';

let keys: DeviceKey[];
beforeAll(async () => {
  keys = await Promise.all(Array.from({ length: 5 }, () => createDeviceKey()));
});

function key(index: number): DeviceKey {
  return keys[index]!;
}

/** A log of one owner, `joins` members and one space by each of them. */
async function makeLog(joins: number, owner = 0): Promise<string[]> {
  const records: string[] = [];
  const add = async (by: DeviceKey, body: RecordBody): Promise<void> => {
    const last = records.at(-1);
    const previous = last === undefined ? null : await hashRecord(last);
    records.push(await signRecord(by, { previous, body, at: 1_700_000_000_000 + records.length }));
  };
  await add(key(owner), { verb: 'workspace.create', device: key(owner).publicKey, nonce: randomId() });
  for (let index = 1; index <= joins; index++) {
    await add(key(index), { verb: 'member.join', device: key(index).publicKey, nonce: randomId() });
    await add(key(index), { verb: 'space.create', space: randomId(), visibility: 'open' });
  }
  return records;
}

async function refusalOf(records: readonly string[]): Promise<{ index: number; reason: string }> {
  const result = await evaluateLog(records);
  if (result.ok) throw new Error('The log was accepted.');
  return result;
}

describe('membership log', () => {
  it('evaluates to members, devices and spaces; the workspace is the hash of the first record', async () => {
    const log = await makeLog(2);
    const result = await evaluateLog(log);
    if (!result.ok) throw new Error(result.reason);
    const { membership } = result;
    expect(membership.workspace).toBe(await hashRecord(log[0]!));
    expect(membership.head).toBe(await hashRecord(log.at(-1)!));
    expect([...membership.members.values()].map((member) => member.role)).toEqual(['owner', 'member', 'member']);
    expect(membership.members.get(membership.workspace)?.devices).toEqual([key(0).id]);
    expect(membership.devices.get(key(1).id)).toBe(await hashRecord(log[1]!));
    expect([...membership.spaces.values()].map((space) => space.createdBy)).toEqual([
      membership.devices.get(key(1).id),
      membership.devices.get(key(2).id),
    ]);
  });

  it('makes ids that can begin a room name', async () => {
    const made = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const body: RecordBody = { verb: 'workspace.create', device: key(0).publicKey, nonce: 'fixed' };
        return hashRecord(await signRecord(key(0), { previous: null, body, at: Math.floor(Math.random() * 1e12) }));
      }),
    );
    expect(made.filter((id) => id.startsWith('-'))).toEqual([]);
  });

  it('refuses an empty log and what is no record at all', async () => {
    expect(await refusalOf([])).toMatchObject({ index: 0 });
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => (await refusalOf([text])).index === 0),
      { numRuns: 200 },
    );
    expect(await refusalOf([null as unknown as string])).toMatchObject({ index: 0 });
    expect(await refusalOf(['a'.repeat(1_000_000)])).toMatchObject({ index: 0 });
  });

  it('refuses a record of which any one character was changed', async () => {
    const log = await makeLog(1);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.constantFrom('A', 'b', '0', '_', '-', '.', '='), async (a, b, by) => {
        const index = a % log.length;
        const record = log[index]!;
        const at = b % record.length;
        const forged = record.slice(0, at) + by + record.slice(at + 1);
        if (forged === record) return;
        const refusal = await refusalOf(log.with(index, forged));
        expect(refusal.index).toBe(index);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every order but the one it was written in, and every gap', async () => {
    const log = await makeLog(3);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(log, { minLength: 1 }), async (other) => {
        const isPrefix = other.every((record, index) => record === log[index]);
        expect((await evaluateLog(other)).ok).toBe(isPrefix);
      }),
      { numRuns: 100 },
    );
    await expect(refusalOf([...log, log.at(-1)!])).resolves.toMatchObject({ index: log.length });
  });

  it('refuses records replayed from another workspace, by the same people too', async () => {
    const here = await makeLog(2);
    const there = await makeLog(2);
    for (let index = 1; index < here.length; index++) {
      expect(await refusalOf(here.with(index, there[index]!))).toMatchObject({ index });
      expect(await refusalOf([...here, there[index]!])).toMatchObject({ index: here.length });
    }
  });

  it('refuses a wrong predecessor, a second first record, a second join, a doubled space and a stranger', async () => {
    const log = await makeLog(1);
    const head = await hashRecord(log.at(-1)!);
    const first = await hashRecord(log[0]!);
    const attempt = async (by: DeviceKey, previous: string | null, body: RecordBody): Promise<string> =>
      (await refusalOf([...log, await signRecord(by, { previous, body, at: 1 })])).reason;
    const space: RecordBody = { verb: 'space.create', space: 'S', visibility: 'open' };
    const join = (who: DeviceKey): RecordBody => ({ verb: 'member.join', device: who.publicKey, nonce: 'n' });
    const taken = await evaluateLog(log);
    const existing = taken.ok ? [...taken.membership.spaces.keys()][0]! : '';

    expect(await attempt(key(0), first, space)).toMatch('follow');
    expect(await attempt(key(0), null, space)).toMatch('follow');
    expect(await attempt(key(2), head, { verb: 'workspace.create', device: key(2).publicKey, nonce: 'n' })).toMatch(
      'first record',
    );
    expect(await attempt(key(1), head, join(key(1)))).toMatch('already');
    expect(await attempt(key(0), head, { verb: 'space.create', space: existing, visibility: 'open' })).toMatch(
      'exists',
    );
    expect(await attempt(key(3), head, space)).toMatch('not signed by a device');
    expect(await attempt(key(3), head, join(key(4)))).toMatch('not signed by a device');
    expect(await attempt({ ...key(3), id: key(0).id }, head, space)).toMatch('signature');
  });

  it('refuses other algorithms, other types, further members and another spelling of the same content', async () => {
    const device = key(0).publicKey;
    const { crv, kty, x } = device;
    // Spelt as a record is: what is refused below is refused for the one thing that is different.
    const content = {
      at: 1,
      body: { device: { crv, kty, x }, nonce: 'n', verb: 'workspace.create' },
      previous: null,
      v: 1,
    };
    const privateKey = await importJWK({ ...device, d: key(0).d }, 'EdDSA');
    const sign = (payload: string, header: Record<string, unknown>): Promise<string> =>
      new CompactSign(utf8(payload)).setProtectedHeader(header as never).sign(privateKey);
    const head = { alg: 'EdDSA', kid: key(0).id, typ: 'caravan-record+jws' };
    const refused = [
      `${toBase64url(utf8(JSON.stringify({ ...head, alg: 'none' })))}.${toBase64url(utf8(JSON.stringify(content)))}.`,
      await new SignJWT(content as never)
        .setProtectedHeader({ ...head, alg: 'HS256' })
        .sign(utf8(device.x.padEnd(64, 'x'))),
      await sign(JSON.stringify(content), { ...head, typ: 'JWT' }),
      await sign(JSON.stringify(content), { ...head, jku: 'https://example.org' }),
      await sign(JSON.stringify({ ...content, v: 3 }), head),
      await sign(JSON.stringify({ ...content, role: 'owner' }), head),
      await sign(JSON.stringify(content, null, 1), head),
      await sign(JSON.stringify({ ...content, body: { ...content.body, device: { ...device, d: key(0).d } } }), head),
    ];
    const sound = await evaluateLog([await sign(JSON.stringify(content), head)]);
    if (!sound.ok) expect(sound.reason).toMatch('cannot serve as an id');
    for (const record of refused) expect(await refusalOf([record])).toMatchObject({ index: 0 });
  });
});

describe('device key', () => {
  it('is read back, and not when its parts do not belong together', async () => {
    expect(await readDeviceKey(JSON.parse(JSON.stringify(key(0))))).toEqual(key(0));
    expect(await readDeviceKey({ ...key(0), id: key(1).id })).toBeNull();
    expect(await readDeviceKey({ ...key(0), d: key(1).d })).toBeNull();
    expect(await readDeviceKey({ ...key(0), extra: 1 })).toBeNull();
    await fc.assert(fc.asyncProperty(fc.anything(), async (value) => (await readDeviceKey(value)) === null));
  });
});
