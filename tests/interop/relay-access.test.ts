// A closed relay process from its first start: the key, attaching, tickets, joining by invite, and the log with its signed head.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createDeviceKey, deviceId } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { readHead } from '../../shared/access/log-head.ts';
import { hashRecord } from '../../shared/access/membership-log.ts';
import { randomRegistrationKey } from '../../shared/access/registration.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { LogWriter } from '../support/log-writer.ts';
import { attached, refusal, startClosedRelay, startOn, team, type ClosedRelay } from '../support/closed-relay.ts';
import { RelayCalls } from '../support/relay-calls.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';
import { stockClient, synced, until } from '../support/stock-client.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

const closedRelay = (): Promise<ClosedRelay> => startClosedRelay(bundle);

describe('the registration key', () => {
  test('[RE52] it is made once, is readable by its owner alone, and told at the first start only', async () => {
    const { data, relay, key } = await closedRelay();
    for (const file of ['registration-key', 'relay-key.json', 'relay.json']) {
      expect([file, statSync(join(data, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    expect(relay.log).toContain(key);
    expect(await relay.end('SIGTERM')).toBe(0);
    const again = await startOn(bundle, data);
    expect(again.log).not.toContain(key);
    expect(readFileSync(join(data, 'registration-key'), 'utf8').trim()).toBe(key);
  });

  test('[RE52] attaching takes the key, an admin of the log, and a log that names this relay', async () => {
    const closed = await closedRelay();
    const { calls, key } = closed;
    const { log, owner, workspace } = await team(closed);
    const member = await log.join(owner, 'member');
    const wrong = [
      await calls.attach(owner.key, workspace, log.records, null),
      await calls.attach(owner.key, workspace, log.records, randomRegistrationKey()),
      await calls.attach(member.key, workspace, log.records, key),
      await calls.attach(await createDeviceKey(), workspace, log.records, key),
      await calls.attach(owner.key, workspace, log.records.slice(0, 2), key),
    ];
    expect(new Set(wrong.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(wrong[0]?.status).toBe(403);
    expect((await calls.askTicket(owner.key, workspace, '*')).status).toBe(403);
    expect((await calls.attach(owner.key, workspace, log.records, key)).status).toBe(200);
    expect((await calls.askTicket(owner.key, workspace, '*')).status).toBe(200);
  });

  test('[RE53] an empty relay serves nobody until an admin attaches the workspace again', async () => {
    const closed = await closedRelay();
    const { log, owner, workspace } = await attached(closed);
    expect(await closed.relay.end('SIGTERM')).toBe(0);
    rmSync(join(closed.data, 'store'), { recursive: true });
    const relay = await startOn(bundle, closed.data);
    const calls = new RelayCalls(relay.url);
    expect((await calls.askTicket(owner.key, workspace, '*')).status).toBe(403);
    expect((await calls.attach(owner.key, workspace, log.records, closed.key)).status).toBe(200);
    expect((await calls.readLog(owner.key, workspace)).body?.['records']).toEqual(log.records);
  });
});

describe('tickets', () => {
  test('[RE51] one opens a room for a stock client, whether it offers caravan.v1 or nothing else', async () => {
    const closed = await closedRelay();
    const { owner, workspace, space } = await attached(closed);
    const room = `${space}/${randomId()}`;
    const ticket = await closed.calls.ticket(owner.key, workspace, room);
    const ana = stockClient(closed.relay.url, `${workspace}/${room}`, { protocols: ['caravan.v1', `tkt.${ticket}`] });
    const bo = stockClient(closed.relay.url, `${workspace}/${room}`, { protocols: [`tkt.${ticket}`] });
    await Promise.all([synced(ana), synced(bo)]);
    ana.write('hello');
    await until(() => bo.text === 'hello', 'Bo sees the word');
    const socket = new WebSocket(`${closed.relay.url}/${workspace}/${room}`, ['caravan.v1', `tkt.${ticket}`]);
    onTestFinished(() => socket.terminate());
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    expect(socket.protocol).toBe('caravan.v1');
    expect(closed.relay.log).not.toContain(ticket);
  });

  test('[RE50] without one, with another, for an unknown or a malformed room: one and the same refusal', async () => {
    const closed = await closedRelay();
    const { owner, workspace, space } = await attached(closed);
    const room = `${space}/${randomId()}`;
    const ticket = await closed.calls.ticket(owner.key, workspace, room);
    const url = closed.relay.url;
    const answers = await Promise.all([
      refusal(`${url}/${workspace}/${room}`, []),
      refusal(`${url}/${workspace}/${room}`, ['caravan.v1']),
      refusal(`${url}/${workspace}/${room}`, ['caravan.v1', 'tkt.x.y.z']),
      refusal(`${url}/${workspace}/${space}/${randomId()}`, ['caravan.v1', `tkt.${ticket}`]),
      refusal(`${url}/unknown/${room}`, ['caravan.v1', `tkt.${ticket}`]),
      refusal(`${url}/v1/link/${workspace}`, ['caravan.link.v1', `tkt.${ticket}`]),
      refusal(`${url}/v1/link/${workspace}`, [`tkt.${ticket}`]),
      refusal(`${url}/nowhere`, [`tkt.${ticket}`]),
    ]);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^\[403,/);
  });
});

describe('the log', () => {
  test('[RE56] it is read and appended to with a ticket, and its head is signed by the relay', async () => {
    const closed = await closedRelay();
    const { log, owner, workspace } = await attached(closed);
    const { calls } = closed;
    expect((await calls.ask(`/v1/log/${workspace}`)).status).toBe(403);
    expect((await calls.ask('/v1/log/unknown')).text).toBe((await calls.ask(`/v1/log/${workspace}`)).text);
    await log.space(owner);
    expect((await calls.appendLog(owner.key, workspace, log.records)).status).toBe(200);
    const { body } = await calls.readLog(owner.key, workspace);
    expect(body?.['records']).toEqual(log.records);
    const { relay, key } = await calls.nonce();
    expect(relay).toBe(await deviceId(key));
    const head = await readHead(String(body?.['head']), { id: relay, publicKey: key });
    expect(head).toMatchObject({
      workspace,
      length: log.records.length,
      head: await hashRecord(log.records.at(-1)!),
    });
    const stale = new LogWriter();
    stale.records.push(...log.records.slice(0, -1));
    await stale.space(owner);
    const answer = await calls.appendLog(owner.key, workspace, stale.records.slice(-1));
    expect([answer.status, answer.body?.['records']]).toEqual([409, log.records]);
  });
});

describe('joining', () => {
  async function invited(closed: ClosedRelay) {
    const made = await attached(closed);
    const invite = await made.log.invite(made.owner, 'member', [{ space: made.space, role: 'member' }]);
    expect((await closed.calls.appendLog(made.owner.key, made.workspace, made.log.records)).status).toBe(200);
    const device: DeviceKey = await createDeviceKey();
    return { ...made, invite, device };
  }

  test('[RE55] who holds the seed reads the log, joins, and is given tickets', async () => {
    const closed = await closedRelay();
    const { log, workspace, space, invite, device } = await invited(closed);
    const { calls } = closed;
    const before = await calls.join(invite.seed, workspace, invite.invite);
    expect([before.status, before.body?.['records']]).toEqual([200, log.records]);
    const record = await log.sign(device, await log.joinBody(device, invite));
    const joined = await calls.join(invite.seed, workspace, invite.invite, record);
    expect([joined.status, joined.body?.['records']]).toEqual([200, [...log.records, record]]);
    // The answer was lost: the same again is no second join, and shows the same.
    expect((await calls.join(invite.seed, workspace, invite.invite, record)).status).toBe(200);
    expect((await calls.askTicket(device, workspace, `${space}/D`)).status).toBe(200);
  });
});
