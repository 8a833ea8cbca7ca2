// A closed relay against forged, stale and borrowed tickets and against invites that are not good: one refusal for all of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompactSign, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeviceKey, importPrivateKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { issueTicket, signChallenge, TICKET_LIFE } from '../../shared/access/ticket.ts';
import { attached, handOver, refusal, startClosedRelay, type ClosedRelay } from '../support/closed-relay.ts';
import type { Person } from '../support/log-writer.ts';
import { RawRoom } from '../support/raw-sockets.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';
import { raw } from './hostile/raw.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The key with which the relay signs its tickets: what a thief of it could do is not shown here, only what others cannot. */
function relayKey(closed: ClosedRelay): DeviceKey {
  return JSON.parse(readFileSync(join(closed.data, 'relay-key.json'), 'utf8')) as DeviceKey;
}

describe('[RE51] tickets that are not good', () => {
  test('[RE50] [RE51] each of them is refused before the upgrade and at the log, with one constant answer and no trace', async () => {
    const closed = await startClosedRelay(bundle);
    const { calls, relay } = closed;
    const made = await attached(closed);
    const { log, owner, workspace, space } = made;
    const viewer = await log.join(owner, 'viewer', [{ space, role: 'viewer' }]);
    const gone = await log.join(owner, 'member', [{ space, role: 'member' }]);
    await handOver(closed, made);
    const room = `${space}/D`;
    const good = await calls.ticket(viewer.key, workspace, room);
    const used = {
      room: await calls.ticket(gone.key, workspace, room),
      whole: await calls.ticket(gone.key, workspace, '*'),
    };
    await log.add(owner.key, { verb: 'member.remove', member: gone.member });
    await handOver(closed, made);

    const signing = relayKey(closed);
    const stranger = await createDeviceKey();
    const now = Date.now();
    const terms = { device: viewer.key.id, workspace, room, now };
    const [top = '', middle = '', signature = ''] = good.split('.');
    const content = JSON.parse(Buffer.from(middle, 'base64url').toString()) as Record<string, unknown>;
    const header = { alg: 'EdDSA', kid: signing.id, typ: 'caravan-ticket+jwt' };
    const byRelay = async (change: object, top: object = {}): Promise<string> =>
      new CompactSign(Buffer.from(JSON.stringify({ ...content, ...change })))
        .setProtectedHeader({ ...header, ...top })
        .sign(await importPrivateKey(signing));
    const publicBytes = Buffer.from(signing.publicKey.x, 'base64url');
    const { privateKey: rsa } = await generateKeyPair('RS256');
    const other = await attached(closed);
    const bad: Record<string, string> = {
      'alg none': `${part({ ...header, alg: 'none' })}.${middle}.`,
      'alg none, signed': `${part({ ...header, alg: 'none' })}.${middle}.${signature}`,
      'HS256 over the public key': await new SignJWT(content)
        .setProtectedHeader({ ...header, alg: 'HS256' })
        .sign(publicBytes),
      'HS256 over its JWK': await new SignJWT(content)
        .setProtectedHeader({ ...header, alg: 'HS256' })
        .sign(Buffer.from(JSON.stringify(signing.publicKey))),
      RS256: await new SignJWT(content).setProtectedHeader({ ...header, alg: 'RS256' }).sign(rsa),
      'a key inside': await new CompactSign(Buffer.from(JSON.stringify(content)))
        .setProtectedHeader({ ...header, jwk: stranger.publicKey } as never)
        .sign(await importPrivateKey(stranger)),
      expired: await issueTicket(signing, { ...terms, now: now - TICKET_LIFE }),
      'not yet valid': await issueTicket(signing, { ...terms, now: now + 10 * TICKET_LIFE }),
      'good for a year': await byRelay({ exp: Math.floor(now / 1000) + 31_000_000 }),
      'another audience': await byRelay({ aud: stranger.id }),
      'another issuer': await byRelay({ iss: stranger.id }),
      'another workspace': await calls.ticket(other.owner.key, other.workspace, `${other.space}/D`),
      'another room': await calls.ticket(viewer.key, workspace, `${space}/E`),
      'for a link': await calls.ticket(viewer.key, workspace, '*'),
      'another type': await byRelay({}, { typ: 'caravan-challenge+jws' }),
      'an edited role': `${top}.${part({ ...content, role: 'owner' })}.${signature}`,
      'a role beside what the relay says': await byRelay({ role: 'owner' }),
      'another device in it': `${top}.${part({ ...content, sub: owner.key.id })}.${signature}`,
      'signed by the device': await issueTicket({ ...viewer.key, id: signing.id }, terms),
      'signed by a stranger': await issueTicket(stranger, terms),
      'of a stranger': await issueTicket(signing, { ...terms, device: stranger.id }),
      'used after removal': used.room,
      'a challenge': await calls.challenge(viewer.key, workspace),
      'cut off': good.slice(0, -4),
      'no ticket at all': 'x',
      empty: '',
    };
    const url = `${relay.url}/${workspace}/${room}`;
    const constant = await refusal(`${relay.url}/unknown/${room}`, ['caravan.v1', `tkt.${good}`]);
    for (const [name, ticket] of Object.entries(bad)) {
      expect([name, await refusal(url, ['caravan.v1', `tkt.${ticket}`])]).toEqual([name, constant]);
    }
    // The log takes tickets for the whole workspace, and the same of those: none of the above is one that holds.
    const wrong = await calls.ask(`/v1/log/${workspace}`, { headers: { authorization: 'Bearer x' } });
    for (const [name, ticket] of Object.entries({ ...bad, 'used after removal': used.whole, 'for a room': good })) {
      if (name === 'for a link') continue;
      const answer = await calls.ask(`/v1/log/${workspace}`, { headers: { authorization: `Bearer ${ticket}` } });
      expect([name, answer.status, answer.text]).toEqual([name, wrong.status, wrong.text]);
    }
    expect((await calls.ask('/v1/log/unknown')).text).toBe(wrong.text);
    const reader = await RawRoom.open(relay.url, `${workspace}/${room}`, good);
    expect(reader).not.toBeNull();
    await relay.end('SIGTERM');
    const secrets = [good, used.room, used.whole, ...Object.values(bad)].filter((one) => one.length > 40);
    expect(secrets.filter((secret) => relay.log.includes(secret.slice(-40)))).toEqual([]);
  });

  test('[RE57] a challenge is good once, for who signed it, for this relay and this workspace', async () => {
    const closed = await startClosedRelay(bundle);
    const { calls } = closed;
    const { owner, workspace } = await attached(closed);
    const { nonce, relay } = await calls.nonce();
    const challenge = await signChallenge(owner.key, { relay, workspace, nonce });
    expect((await calls.post('/v1/ticket', { workspace, room: '*', challenge })).status).toBe(200);
    const stranger = await createDeviceKey();
    const fresh = async (by: DeviceKey, change: object): Promise<string> =>
      signChallenge(by, { relay, workspace, nonce: (await calls.nonce()).nonce, ...change });
    const requests = [
      { workspace, room: '*', challenge },
      { workspace, room: '*', challenge: await fresh(owner.key, { nonce: 'n'.repeat(22) }) },
      { workspace, room: '*', challenge: await fresh(owner.key, { relay: stranger.id }) },
      { workspace, room: '*', challenge: await fresh(owner.key, { workspace: stranger.id }) },
      { workspace, room: '*', challenge: await fresh(stranger, {}) },
      { workspace, room: '*', challenge: await fresh({ ...stranger, id: owner.key.id }, {}) },
      { workspace: stranger.id, room: '*', challenge: await fresh(owner.key, { workspace: stranger.id }) },
      { workspace, room: 'nowhere/D', challenge: await fresh(owner.key, {}) },
      { workspace, room: '', challenge: await fresh(owner.key, {}) },
      { workspace, room: '*', challenge: 'x.y.z' },
    ];
    const answers = [];
    for (const request of requests) answers.push(await calls.post('/v1/ticket', request));
    const seen = new Set(answers.map(({ status, text, headers }) => `${status} ${text} ${[...headers.keys()].join()}`));
    expect([...seen]).toEqual([expect.stringMatching(/^403 /)]);
  });

  test('[RE57] who asks too often is told when to come back, and the others are not', async () => {
    const closed = await startClosedRelay(bundle);
    const { owner, workspace, log } = await attached(closed);
    const answers = [];
    for (let i = 0; i < 40; i += 1) {
      answers.push(
        await closed.calls.post('/v1/attach', { workspace, records: log.records, challenge: 'x', registration: null }),
      );
    }
    const late = answers.at(-1)!;
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '5']);
    // Another thing is counted apart: nobody is locked out of the rooms by it.
    expect((await closed.calls.askTicket(owner.key, workspace, '*')).status).toBe(200);
  });

  test('[RE57] nonces, tickets and joining are counted by address: a flood from one takes nothing from another', async () => {
    const closed = await startClosedRelay(bundle);
    const { owner, workspace } = await attached(closed);
    const { host, port } = new URL(closed.relay.url);
    /** The statuses of all those calls, made over one connection without waiting for an answer. */
    const flood = async (...calls: readonly (readonly [call: string, times: number])[]): Promise<readonly string[]> => {
      const requests = calls.flatMap(([call, times]) =>
        Array.from({ length: times }, () => `${call} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n`),
      );
      const socket = await raw(Number(port), '127.0.0.2');
      socket.send(`${requests.join('\r\n')}Connection: close\r\n\r\n`);
      await socket.gone;
      return [
        ...socket
          .heard()
          .toString('latin1')
          .matchAll(/HTTP\/1\.1 (\d+)/g),
      ].map(([, status]) => String(status));
    };
    const entering = await flood(['GET /v1/nonce', 900], ['POST /v1/ticket', 100]);
    expect(entering).toHaveLength(1_000);
    expect([entering[599], entering.slice(0, 900).includes('429'), entering.slice(900).includes('429')]).toEqual([
      '200',
      true,
      true,
    ]);
    const joining = await flood(['POST /v1/join', 200]);
    expect([joining[119], joining.includes('429')]).toEqual(['400', true]);
    expect((await closed.calls.askTicket(owner.key, workspace, '*')).status).toBe(200);
  });

  test('[RE57] who is no admin cannot fill the log, and is taken out of it meanwhile', async () => {
    const closed = await startClosedRelay(bundle);
    const made = await attached(closed);
    const { log, owner, workspace } = made;
    const open = await log.space(owner, 'open');
    const viewer = await log.join(owner, 'viewer');
    const member = await log.join(owner, 'member');
    await handOver(closed, made);
    const before = log.records.length;
    // In and out of an open space, which anybody may but guests, as often as it goes.
    for (let times = 0; times < 155; times += 1) {
      const place = { space: open, member: viewer.member };
      await log.add(viewer.key, { verb: 'space.grant', ...place, role: 'viewer', until: null });
      await log.add(viewer.key, { verb: 'space.revoke', ...place });
    }
    const answer = await closed.calls.appendLog(viewer.key, workspace, log.records);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '15']);
    const kept = (await closed.calls.readLog(owner.key, workspace)).body?.['records'] as string[];
    // A clock went on meanwhile: one more every twelve seconds.
    expect(kept.length - before).toBeGreaterThanOrEqual(300);
    expect(kept.length - before).toBeLessThan(310);
    expect(kept).toEqual(log.records.slice(0, kept.length));
    log.records.splice(kept.length);
    await log.add(member.key, await log.deviceBody(member, await createDeviceKey()));
    expect((await closed.calls.appendLog(member.key, workspace, log.records)).status).toBe(200);
    await log.add(owner.key, { verb: 'member.remove', member: viewer.member });
    await handOver(closed, made);
    expect((await closed.calls.askTicket(viewer.key, workspace, '*')).status).toBe(403);
  });

  test('[RE59] a removed device is told of its removal and of nothing behind it; nobody else is told anything', async () => {
    const closed = await startClosedRelay(bundle);
    const made = await attached(closed);
    const { calls } = closed;
    const { log, owner, workspace } = made;
    const [gone, member] = [await log.join(owner, 'member'), await log.join(owner, 'member')];
    await log.add(owner.key, { verb: 'member.remove', member: gone.member });
    const until = log.records.length;
    await log.space(owner);
    await handOver(closed, made);
    const challenge = await calls.challenge(gone.key, workspace);
    const told = await calls.post('/v1/farewell', { workspace, challenge });
    expect([told.status, told.body?.['records']]).toEqual([200, log.records.slice(0, until)]);
    const stranger = await createDeviceKey();
    const answers = [
      await calls.post('/v1/farewell', { workspace, challenge }),
      ...(await Promise.all(
        [owner.key, member.key, stranger, { ...stranger, id: gone.key.id }].map(async (by) =>
          calls.post('/v1/farewell', { workspace, challenge: await calls.challenge(by, workspace) }),
        ),
      )),
      await calls.post('/v1/farewell', {
        workspace: stranger.id,
        challenge: await calls.challenge(gone.key, stranger.id),
      }),
    ];
    const seen = new Set(answers.map(({ status, text }) => `${status} ${text}`));
    expect([...seen]).toEqual([expect.stringMatching(/^403 /)]);
  });
});

describe('[RE55] invites', () => {
  async function invitedTeam() {
    const closed = await startClosedRelay(bundle);
    const made = await attached(closed);
    return { closed, made, ...made, calls: closed.calls };
  }

  test('[RE55] used twice, and by two at once: exactly one joins', async () => {
    const { closed, made, log, owner, workspace, calls } = await invitedTeam();
    const invite = await log.invite(owner, 'member');
    await handOver(closed, made);
    const devices = await Promise.all(Array.from({ length: 6 }, () => createDeviceKey()));
    const records = await Promise.all(
      devices.map(async (device) => log.sign(device, await log.joinBody(device, invite))),
    );
    const answers = await Promise.all(
      records.map((record) => calls.join(invite.seed, workspace, invite.invite, record)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403, 403]);
    const winner = answers.findIndex(({ status }) => status === 200);
    log.records.push(records[winner]!);
    // Signed again behind the new head, as after a conflict: it is used all the same.
    const late = await createDeviceKey();
    const again = await log.sign(late, await log.joinBody(late, invite));
    const refused = [
      await calls.join(invite.seed, workspace, invite.invite, again),
      await calls.join(invite.seed, workspace, invite.invite),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    const members = await Promise.all(devices.map((device) => calls.askTicket(device, workspace, '*')));
    expect(members.filter(({ status }) => status === 200).length).toBe(1);
  });

  test('[RE55] a moved head is answered with the records, and signing behind them joins', async () => {
    const { closed, made, log, owner, workspace, calls } = await invitedTeam();
    const invite = await log.invite(owner, 'guest', [{ space: made.space, role: 'guest' }]);
    await handOver(closed, made);
    const device = await createDeviceKey();
    const early = await log.sign(device, await log.joinBody(device, invite));
    await log.space(owner);
    await handOver(closed, made);
    const stale = await calls.join(invite.seed, workspace, invite.invite, early);
    expect([stale.status, stale.body?.['records']]).toEqual([409, log.records]);
    const record = await log.sign(device, await log.joinBody(device, invite));
    expect((await calls.join(invite.seed, workspace, invite.invite, record)).status).toBe(200);
  });

  test('[RE55] expired, revoked, edited, unknown, of somebody removed or made less since: nobody joins, and all look alike', async () => {
    const { closed, made, log, owner, workspace, space, calls } = await invitedTeam();
    const admin = await log.join(owner, 'admin');
    const lesser = await log.join(owner, 'admin');
    const open = await log.invite(owner, 'viewer');
    const revoked = await log.invite(owner, 'member');
    await log.add(owner.key, { verb: 'invite.revoke', invite: revoked.invite });
    const ofRemoved = await log.invite(admin, 'member');
    await log.add(owner.key, { verb: 'member.remove', member: admin.member });
    const ofLesser = await log.invite(lesser, 'member');
    await log.add(owner.key, { verb: 'member.role', member: lesser.member, role: 'member' });
    const now = log.at;
    // It was good for a minute, some days ago.
    log.at = now - 5 * 24 * 3_600_000;
    const expired = { invite: 'expired', seed: await createDeviceKey() };
    await log.add(owner.key, {
      verb: 'invite.create',
      invite: expired.invite,
      key: expired.seed.publicKey,
      role: 'member',
      spaces: [],
      expires: log.at + 60_000,
      until: null,
    });
    const device = await createDeviceKey();
    const byExpired = await log.sign(device, await log.joinBody(device, expired));
    log.at = now;
    await handOver(closed, made);
    const join = async (invite: { invite: string; seed: DeviceKey }): Promise<string> =>
      log.sign(device, await log.joinBody(device, invite));
    const mine = await join(open);
    const [top, middle, signature] = mine.split('.');
    const body = JSON.parse(Buffer.from(middle ?? '', 'base64url').toString()) as { body: object };
    const edited = `${top}.${part({ ...body, body: { ...body.body, role: 'admin' } })}.${signature}`;
    const person: Person = { key: device, member: 'nobody' };
    const invitation = await log.sign(person.key, {
      verb: 'invite.create',
      invite: open.invite,
      key: open.seed.publicKey,
      role: 'admin',
      spaces: [],
      expires: log.at + 60_000,
      until: null,
    });
    const stranger = await createDeviceKey();
    const answers = [
      // Back-dated into its minute: the relay's own clock counts.
      await calls.join(expired.seed, workspace, expired.invite, byExpired),
      await calls.join(expired.seed, workspace, expired.invite),
      await calls.join(revoked.seed, workspace, revoked.invite, await join(revoked)),
      await calls.join(revoked.seed, workspace, revoked.invite),
      await calls.join(ofRemoved.seed, workspace, ofRemoved.invite, await join(ofRemoved)),
      await calls.join(ofLesser.seed, workspace, ofLesser.invite, await join(ofLesser)),
      await calls.join(open.seed, workspace, open.invite, edited),
      await calls.join(open.seed, workspace, open.invite, invitation),
      await calls.join(open.seed, workspace, open.invite, await log.sign(owner.key, { verb: 'space.archive', space })),
      await calls.join(stranger, workspace, open.invite),
      await calls.join(stranger, workspace, open.invite, mine),
      await calls.join(open.seed, workspace, 'unknown'),
      await calls.join(open.seed, workspace, revoked.invite, mine),
      await calls.join(open.seed, stranger.id, open.invite),
    ];
    const seen = new Set(answers.map(({ status, text, headers }) => `${status} ${text} ${[...headers.keys()].join()}`));
    expect([...seen]).toEqual([expect.stringMatching(/^403 /)]);
    expect((await calls.readLog(owner.key, workspace)).body?.['records']).toEqual(log.records);
    // The invite itself is good all the while, and lets in as what it says.
    expect((await calls.join(open.seed, workspace, open.invite, mine)).status).toBe(200);
    expect((await calls.askTicket(device, workspace, '@workspace/about')).status).toBe(200);
    const secrets = [open, revoked, expired].flatMap(({ seed }) => [seed.d, seed.id]);
    expect(secrets.filter((secret) => closed.relay.log.includes(secret))).toEqual([]);
  });
});
