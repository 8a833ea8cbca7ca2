// The relay's HTTP calls as anybody could make them, for tests; it decides nothing and keeps every byte that came back.
import type { DeviceKey } from '../../shared/access/identity.ts';
import { registrationProof } from '../../shared/access/registration.ts';
import { signChallenge } from '../../shared/access/ticket.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The JSON, or null. */
  readonly body: { readonly [name: string]: unknown } | null;
}

export class RelayCalls {
  readonly base: string;
  readonly heard: string[] = [];

  /** @param url `ws://...`, as a relay prints it. */
  constructor(url: string) {
    this.base = url.replace(/^ws/, 'http');
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.base + path, init);
    const text = await response.text();
    this.heard.push(text, JSON.stringify([...response.headers]));
    let body: Answer['body'] = null;
    try {
      body = JSON.parse(text) as Answer['body'];
    } catch {
      // No JSON: the text is there.
    }
    return { status: response.status, text, headers: response.headers, body };
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async nonce(): Promise<{ readonly nonce: string; readonly relay: string; readonly key: DeviceKey['publicKey'] }> {
    const { body } = await this.ask('/v1/nonce');
    return body as { nonce: string; relay: string; key: DeviceKey['publicKey'] };
  }

  async challenge(key: DeviceKey, workspace: string): Promise<string> {
    const { nonce, relay } = await this.nonce();
    return signChallenge(key, { relay, workspace, nonce });
  }

  async askTicket(key: DeviceKey, workspace: string, room: string): Promise<Answer> {
    return this.post('/v1/ticket', { workspace, room, challenge: await this.challenge(key, workspace) });
  }

  /** Throws when none is given. */
  async ticket(key: DeviceKey, workspace: string, room: string): Promise<string> {
    const { status, text, body } = await this.askTicket(key, workspace, room);
    if (status !== 200) throw new Error(`no ticket: ${status} ${text}`);
    return String(body?.['ticket']);
  }

  async attach(
    by: DeviceKey,
    workspace: string,
    records: readonly string[],
    registration: string | null,
  ): Promise<Answer> {
    const { nonce, relay } = await this.nonce();
    const challenge = await signChallenge(by, { relay, workspace, nonce });
    const proof = registration === null ? null : await registrationProof(registration, workspace, nonce);
    return this.post('/v1/attach', { workspace, records, challenge, registration: proof });
  }

  async join(seed: DeviceKey, workspace: string, invite: string, record?: string): Promise<Answer> {
    const challenge = await this.challenge(seed, workspace);
    return this.post('/v1/join', { workspace, invite, challenge, ...(record === undefined ? {} : { record }) });
  }

  /** One request for an attachment. @param path `<workspace>/<space>/<name>`. */
  blob(
    method: 'GET' | 'HEAD' | 'PUT',
    path: string,
    ticket: string | null,
    body?: Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const bearer = ticket === null ? {} : { authorization: `Bearer ${ticket}` };
    return this.ask(`/v1/blob/${path}`, { method, headers: { ...bearer, ...headers }, ...(body ? { body } : {}) });
  }

  async readLog(by: DeviceKey, workspace: string): Promise<Answer> {
    const ticket = await this.ticket(by, workspace, '*');
    return this.ask(`/v1/log/${workspace}`, { headers: { authorization: `Bearer ${ticket}` } });
  }

  async appendLog(by: DeviceKey, workspace: string, records: readonly string[]): Promise<Answer> {
    const ticket = await this.ticket(by, workspace, '*');
    return this.post(`/v1/log/${workspace}`, { records }, { authorization: `Bearer ${ticket}` });
  }
}
