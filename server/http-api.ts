// The relay's HTTP side: health, metrics and membership logs as JSON. Sockets are not served here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AppError, toWireError } from '../shared/base/app-error.ts';
import type { Logger } from '../shared/base/logger.ts';
import type { History } from '../shared/hub/history/history.ts';
import type { Hub } from '../shared/hub/hub.ts';
import type { MembershipLogs } from './membership-logs.ts';
import type { RelayMetrics } from './metrics.ts';
import { isAllowed, logWorkspace } from './request-guard.ts';
import type { RelaySettings } from './settings.ts';
import type { UpkeepApi } from './upkeep-api.ts';

/** A log of 16,000 records; hosts send less. */
const LARGEST_BODY = 8 * 1024 * 1024;
const posted = z.strictObject({ records: z.array(z.string().max(8_192)).min(1).max(20_000) });

export interface HttpApiParts {
  readonly settings: RelaySettings;
  readonly hub: Hub;
  readonly history: History;
  readonly logs: MembershipLogs;
  readonly metrics: RelayMetrics;
  readonly upkeep: UpkeepApi;
  readonly logger: Logger;
}

export class HttpApi {
  readonly #parts: HttpApiParts;

  constructor(parts: HttpApiParts) {
    this.#parts = parts;
  }

  /** Answers every request; never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      this.#parts.logger.log('error', 'request-failed', { code: toWireError(error).code });
      const { code, message } = toWireError(error);
      answerError(response, code === 'bad-input' ? 400 : code === 'too-large' ? 413 : 503, code, message);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { settings } = this.#parts;
    if (!isAllowed(request.headers, settings)) {
      answerError(response, 403, 'not-allowed', 'This relay does not answer requests from there.');
      return;
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const workspace = logWorkspace(path);
    if (request.method === 'GET' && path === '/healthz') this.#health(response);
    else if (request.method === 'GET' && path === '/metrics') await this.#metrics(response);
    else if (request.method === 'GET' && workspace !== null) await this.#readLog(workspace, response);
    else if (request.method === 'POST' && workspace !== null) await this.#appendLog(workspace, request, response);
    else if (this.#parts.upkeep.isFor(request)) await this.#backup(request, response);
    else answerError(response, 404, 'not-found', 'There is nothing here.');
  }

  #health(response: ServerResponse): void {
    const { storage } = this.#parts.hub;
    const history = this.#parts.history.counts;
    if (storage.state === 'ok') answer(response, 200, { status: 'ok', history });
    else answer(response, 503, { status: 'degraded', reason: storage.message, code: storage.code });
  }

  async #metrics(response: ServerResponse): Promise<void> {
    const { text, contentType } = await this.#parts.metrics.read();
    response.writeHead(200, { 'content-type': contentType }).end(text);
  }

  /** The one asking is a command of this computer: it is told the code, to end as if it had done the work itself. */
  async #backup(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      answer(response, 200, await this.#parts.upkeep.backup(parseJson(await readBody(request)), new Date()));
    } catch (error) {
      const { code, message } = toWireError(error);
      answerError(response, 400, code, message);
    }
  }

  async #readLog(workspace: string, response: ServerResponse): Promise<void> {
    const records = await this.#parts.logs.read(workspace);
    if (records.length > 0) answer(response, 200, { records });
    else answerError(response, 404, 'not-found', 'This relay does not know that workspace.');
  }

  async #appendLog(workspace: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = posted.safeParse(parseJson(await readBody(request)));
    if (!body.success) {
      answerError(response, 400, 'bad-input', 'The body must be {"records": [...]} with compact JWS texts.');
      return;
    }
    const outcome = await this.#parts.logs.append(workspace, body.data.records);
    if (outcome.kind === 'appended') answer(response, 200, { records: outcome.records });
    else if (outcome.kind === 'stale') answer(response, 409, { records: outcome.records });
    else answerError(response, 422, 'bad-input', `The records do not hold: ${outcome.reason}. Nothing was stored.`);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!(part instanceof Buffer)) continue;
    size += part.length;
    if (size > LARGEST_BODY) throw new AppError('too-large', 'The request is too large. Nothing was stored.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  // The rest of a refused body is not read: the connection ends with the answer.
  if (status === 413 || status === 403) response.setHeader('connection', 'close');
  answer(response, status, { error: { code, message } });
}
