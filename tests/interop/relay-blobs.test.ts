// Attachments at a real relay process, over raw HTTP: resumable, verified, by space, within limits, and hostile on every side.
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { attached, handOver, startClosedRelay, startOn, type ClosedRelay, type Team } from '../support/closed-relay.ts';
import { NO_MOUNT, smallDisk } from '../support/mounted-disk.ts';
import { RelayCalls, type Answer } from '../support/relay-calls.ts';
import { bundleRelay, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';

type Bytes = Uint8Array<ArrayBuffer>;

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const random = (size: number): Bytes => new Uint8Array(randomBytes(size));

interface World extends ClosedRelay, Team {
  readonly ticket: string;
  place(bytes: Uint8Array, space?: string): string;
}

async function world(): Promise<World> {
  const closed = await startClosedRelay(bundle);
  const team = await attached(closed);
  const ticket = await closed.calls.ticket(team.owner.key, team.workspace, '*');
  return {
    ...closed,
    ...team,
    ticket,
    place: (bytes, space = team.space) => `${team.workspace}/${space}/${nameOf(bytes)}`,
  };
}

function put(calls: RelayCalls, path: string, ticket: string, bytes: Bytes, from: number, to: number): Promise<Answer> {
  const range = `bytes ${from}-${to - 1}/${bytes.length}`;
  return calls.blob('PUT', path, ticket, bytes.slice(from, to), { 'content-range': range });
}

const offsetOf = (answer: Answer): number => Number(answer.headers.get('caravan-offset'));

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('[BL3] [BL4] a blob comes in pieces over a restart of the relay, is verified, and is read back in parts', async () => {
  const made = await world();
  const bytes = random(LIMITS.blobChunk * 2 + 77);
  const path = made.place(bytes);
  const absent = await made.calls.blob('HEAD', path, made.ticket);
  expect([absent.status, offsetOf(absent)]).toEqual([404, 0]);
  const first = await put(made.calls, path, made.ticket, bytes, 0, LIMITS.blobChunk);
  expect([first.status, offsetOf(first)]).toEqual([202, LIMITS.blobChunk]);

  await made.relay.end('SIGKILL');
  const again = await startOn(bundle, made.data);
  const calls = new RelayCalls(again.url);
  const ticket = await calls.ticket(made.owner.key, made.workspace, '*');
  expect(offsetOf(await calls.blob('HEAD', path, ticket))).toBe(LIMITS.blobChunk);
  expect((await calls.blob('GET', path, ticket)).status).toBe(404);
  // Twice the same piece is not taken twice: the answer says where to go on.
  const repeated = await put(calls, path, ticket, bytes, 0 + 1, LIMITS.blobChunk);
  expect([repeated.status, offsetOf(repeated)]).toEqual([409, LIMITS.blobChunk]);
  expect((await put(calls, path, ticket, bytes, LIMITS.blobChunk, LIMITS.blobChunk * 2)).status).toBe(202);
  expect((await put(calls, path, ticket, bytes, LIMITS.blobChunk * 2, bytes.length)).status).toBe(201);

  const whole = await fetch(`${calls.base}/v1/blob/${path}`, { headers: { authorization: `Bearer ${ticket}` } });
  expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), Buffer.from(bytes))).toBe(0);
  const part = await calls.blob('GET', path, ticket, undefined, { range: 'bytes=5-8' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 5-8/${bytes.length}`]);
  const beyond = await calls.blob('GET', path, ticket, undefined, { range: `bytes=${bytes.length}-` });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
  // Where it is held already, no byte is asked for.
  expect((await put(calls, path, ticket, bytes, 0, 10)).status).toBe(200);
  expect(await again.end('SIGTERM')).toBe(0);
});

test('[BL2] what is served means nothing to a browser, sets nothing, and says nothing in a URL or the log', async () => {
  const made = await world();
  const page = new TextEncoder().encode('<!doctype html><script>document.title="ran"</script>');
  expect((await made.calls.blob('PUT', made.place(page), made.ticket, page)).status).toBe(201);
  const { headers } = await made.calls.blob('GET', made.place(page), made.ticket, undefined, { accept: 'text/html' });
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('content-disposition')).toBe('attachment');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect(headers.get('set-cookie')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect((await made.calls.blob('GET', `${made.place(page)}?ticket=${made.ticket}`, null)).status).not.toBe(200);
  expect(made.relay.log).not.toContain(made.ticket.slice(-40));
});

test('[BL3] [BL5] [RE60] a blob is served to who may read a space that holds it, and another space is another blob', async () => {
  const made = await world();
  const { calls, log, owner } = made;
  const secret = await log.space(owner);
  const [viewer, stranger, leaver] = [
    await log.join(owner, 'member', [{ space: made.space, role: 'viewer' }]),
    await log.join(owner, 'guest', [{ space: secret, role: 'guest' }]),
    await log.join(owner, 'member', [{ space: made.space, role: 'member' }]),
  ];
  await handOver(made, made);
  const bytes = random(900);
  expect((await calls.blob('PUT', made.place(bytes), made.ticket, bytes)).status).toBe(201);
  const [read, other, left] = await Promise.all(
    [viewer, stranger, leaver].map(({ key }) => calls.ticket(key, made.workspace, '*')),
  );
  expect((await calls.blob('GET', made.place(bytes), read!)).status).toBe(200);
  const own = random(10);
  expect((await calls.blob('PUT', made.place(own), read!, own)).status).toBe(403);
  expect((await calls.blob('HEAD', made.place(own), read!)).headers.get('caravan-offset')).toBeNull();

  // Of the space that holds it the guest hears nothing, and in their own space its name says nothing.
  const refused = await calls.blob('GET', made.place(bytes), other!);
  const unknown = await calls.blob('GET', made.place(bytes, 'nowhere'), other!);
  expect([refused.status, refused.text]).toEqual([unknown.status, unknown.text]);
  for (const method of ['HEAD', 'PUT'] as const) {
    const asked = { range: 'bytes=0-3', 'content-length': '0' };
    const [there, nowhere] = [
      await calls.blob(method, made.place(bytes), other!, undefined, asked),
      await calls.blob(method, made.place(bytes, 'nowhere'), other!, undefined, asked),
    ];
    const seen = ({ status, text, headers }: Answer): string => `${status} ${text} ${[...headers.keys()].join()}`;
    expect([method, seen(there), there.status]).toEqual([method, seen(nowhere), 403]);
  }
  expect((await calls.blob('GET', made.place(bytes, secret), other!)).status).toBe(404);
  const taken = { 'caravan-from': made.space };
  expect((await calls.blob('PUT', made.place(bytes, secret), other!, undefined, taken)).status).toBe(404);
  expect((await calls.blob('PUT', made.place(bytes, secret), other!, random(900))).status).toBe(422);
  expect((await calls.blob('GET', made.place(bytes, secret), other!)).status).toBe(404);
  // Who may read the one and write the other takes it along without sending it.
  expect((await calls.blob('PUT', made.place(bytes, secret), made.ticket, undefined, taken)).status).toBe(201);
  expect((await calls.blob('GET', made.place(bytes, secret), other!)).status).toBe(200);

  // A removal holds at once, also for a ticket that was given before.
  expect((await calls.blob('GET', made.place(bytes), left!)).status).toBe(200);
  await log.add(owner.key, { verb: 'member.remove', member: leaver.member });
  await handOver(made, made);
  expect((await calls.blob('GET', made.place(bytes), left!)).text).toBe(refused.text);
  expect((await calls.blob('GET', made.place(bytes), null)).text).toBe(refused.text);
});

test('[BL4] [BS2] wrong hashes, wrong lengths, chunked and too large bodies store nothing', async () => {
  const made = await world();
  const { calls, ticket } = made;
  const [bytes, lie] = [random(5_000), random(5_000)];
  const path = made.place(bytes);
  expect((await calls.blob('PUT', path, ticket, lie)).status).toBe(422);
  expect(offsetOf(await calls.blob('HEAD', path, ticket))).toBe(0);
  const bad = async (headers: Record<string, string>, body: Bytes = bytes): Promise<number> =>
    (await calls.blob('PUT', path, ticket, body, headers)).status;
  expect(await bad({ 'content-range': 'bytes 0-4998/5000' })).toBe(400);
  expect(await bad({ 'content-range': 'bytes 0-4999/4000' })).toBe(400);
  expect(await bad({ 'content-range': 'bytes 0-9/*' })).toBe(400);
  expect(await bad({ 'content-range': 'lines 0-9/10' })).toBe(400);
  expect(await bad({ 'content-range': `bytes 0-4999/${LIMITS.blob + 1}` })).toBe(413);
  expect(await bad({}, random(LIMITS.blobChunk + 1))).toBe(413);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const chunked = { method: 'PUT', headers: { authorization: `Bearer ${ticket}` }, body: stream, duplex: 'half' };
  expect((await fetch(`${calls.base}/v1/blob/${path}`, chunked as RequestInit)).status).toBe(411);
  // Of a lie about the size only what follows shows it: begun anew from the start, it is well.
  expect((await put(calls, path, ticket, random(9_000), 0, 5_000)).status).toBe(202);
  expect((await calls.blob('PUT', path, ticket, bytes)).status).toBe(201);
  expect((await calls.blob('GET', path, ticket)).status).toBe(200);
  const nothing = new Uint8Array();
  expect((await calls.blob('PUT', made.place(nothing), ticket, nothing, { 'content-length': '0' })).status).toBe(201);
});

test('[BL1] paths that are not letter by letter a blob are nothing at all', async () => {
  const made = await world();
  const bytes = random(100);
  await made.calls.blob('PUT', made.place(bytes), made.ticket, bytes);
  const name = nameOf(bytes);
  const base = `${made.workspace}/${made.space}`;
  const url = new URL(made.calls.base);
  const raw = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () => {
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${made.ticket}\r\nConnection: close\r\n\r\n`,
        );
      });
      let text = '';
      socket.on('data', (part) => (text += part.toString('latin1')));
      socket.on('close', () => resolve(text.slice(9, 12)));
      socket.on('error', reject);
    });
  expect(await raw(`/v1/blob/${base}/${name}`)).toBe('200');
  for (const path of [
    `/v1/blob/${base}/${name.toUpperCase()}`,
    `/v1/blob/${base}/../${made.space}/${name}`,
    `/v1/blob/${base}/%2e%2e/${name}`,
    `/v1/blob/${base}/${name}/`,
    `/v1/blob/${base}/${name}?x`,
    `/v1/blob//${base}/${name}`,
    `/v1/blob/${made.workspace}/../../relay-key.json`,
    `/v1/blob/${base}/partial`,
    `http://elsewhere/v1/blob/${base}/${name}`,
  ]) {
    expect([path, await raw(path)]).toEqual([path, '404']);
  }
});

test('[BL4] a body that comes slowly and breaks off keeps what came; another device starts by itself', async () => {
  const made = await world();
  const bytes = random(LIMITS.blobChunk);
  const path = made.place(bytes);
  const url = new URL(made.calls.base);
  const socket = connect(Number(url.port), url.hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    `PUT /v1/blob/${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${made.ticket}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  );
  socket.write(bytes.slice(0, 300_000));
  const partials = (): number =>
    filesIn(join(made.data, 'blobs'))
      .filter((file) => file.includes('partial'))
      .reduce((sum, file) => sum + statSync(file).size, 0);
  await expect.poll(partials, { timeout: 10_000, interval: 10 }).toBe(300_000);
  // While it is being written nobody else of this device writes into it.
  expect((await made.calls.blob('PUT', path, made.ticket, bytes)).status).toBe(429);
  socket.destroy();
  await expect
    .poll(async () => (await put(made.calls, path, made.ticket, bytes, 300_000, bytes.length)).status, {
      timeout: 10_000,
      interval: 10,
    })
    .toBe(201);
});

test('[BL6] a workspace fills its own part and no more: 507 with words, reading goes on', async () => {
  const made = await world();
  await made.relay.end('SIGTERM');
  const relay = await startRelayProcess(bundle, [
    ...['serve', '--data', made.data, '--port', '0'],
    ...['--blob-bytes', '10000'],
  ]);
  const calls = new RelayCalls(relay.url);
  const ticket = await calls.ticket(made.owner.key, made.workspace, '*');
  const [first, second] = [random(6_000), random(6_000)];
  expect((await calls.blob('PUT', made.place(first), ticket, first)).status).toBe(201);
  const refused = await calls.blob('PUT', made.place(second), ticket, second);
  expect([refused.status, refused.body?.['error']]).toMatchObject([507, { code: 'disk-full' }]);
  expect((await calls.blob('GET', made.place(first), ticket)).status).toBe(200);
  // Twice the same bytes take room once.
  const other = await made.log.space(made.owner);
  await handOver({ calls }, made);
  expect(
    (await calls.blob('PUT', made.place(first, other), ticket, undefined, { 'caravan-from': made.space })).status,
  ).toBe(201);
});

test('[BL4] a device begins only so many, and asks only so often at once', async () => {
  const made = await world();
  for (let count = 0; count < LIMITS.blobsUnfinished; count += 1) {
    const bytes = random(100);
    expect((await put(made.calls, made.place(bytes), made.ticket, bytes, 0, 10)).status).toBe(202);
  }
  const one = random(100);
  expect((await put(made.calls, made.place(one), made.ticket, one, 0, 10)).status).toBe(429);
});

test('[BL3] bytes that are gone from the folder count as not held, and a new folder is another shelf', async () => {
  const made = await world();
  const bytes = random(100);
  await made.calls.blob('PUT', made.place(bytes), made.ticket, bytes);
  const { shelf } = (await made.calls.ask('/v1/nonce')).body as { shelf: string };
  await made.relay.end('SIGTERM');
  const file = filesIn(join(made.data, 'blobs')).find((path) => path.endsWith(nameOf(bytes)))!;
  expect(nameOf(readFileSync(file))).toBe(nameOf(bytes));
  writeFileSync(join(made.data, 'blobs', 'shelf'), '');
  writeFileSync(`${file}-gone`, readFileSync(file));
  (await import('node:fs')).rmSync(file);
  const relay = await startOn(bundle, made.data);
  const calls = new RelayCalls(relay.url);
  const ticket = await calls.ticket(made.owner.key, made.workspace, '*');
  expect(((await calls.ask('/v1/nonce')).body as { shelf: string }).shelf).not.toBe(shelf);
  expect((await calls.blob('GET', made.place(bytes), ticket)).status).toBe(404);
  expect((await calls.blob('PUT', made.place(bytes), ticket, bytes)).status).toBe(201);
});

test.skipIf(NO_MOUNT)(
  `[BS7] a relay whose disk is full reads on and says 507${NO_MOUNT}`,
  { timeout: 120_000 },
  async () => {
    const disk = smallDisk(48);
    onTestFinished(() => disk.remove());
    const relay = await startRelayProcess(bundle, ['--data', join(disk.path, 'relay'), '--port', '0', '--open']);
    const calls = new RelayCalls(relay.url);
    const [kept, more] = [random(1_000), random(500_000)];
    expect((await calls.blob('PUT', `team/space/${nameOf(kept)}`, null, kept)).status).toBe(201);
    disk.fill();
    const refused = await calls.blob('PUT', `team/space/${nameOf(more)}`, null, more);
    expect([refused.status, refused.body?.['error']]).toMatchObject([507, { code: 'disk-full' }]);
    expect((await calls.blob('GET', `team/space/${nameOf(kept)}`, null)).status).toBe(200);
    disk.free();
    await expect
      .poll(async () => (await calls.blob('PUT', `team/space/${nameOf(more)}`, null, more)).status, {
        timeout: 60_000,
        interval: 100,
      })
      .toBe(201);
    await relay.end('SIGTERM');
  },
);
