// The relay's HTTP side: Host and Origin, then health, metrics, upkeep and the calls of access. Sockets are not served here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toWireError } from '../shared/base/app-error.ts';
import type { Logger } from '../shared/base/logger.ts';
import type { History } from '../shared/hub/history/history.ts';
import type { Hub } from '../shared/hub/hub.ts';
import type { LargeDocuments } from '../shared/hub/large-documents.ts';
import type { AccessApi } from './access-api.ts';
import type { BlobDesk } from './blob-desk.ts';
import { answer, answerError, answerRefusal, parseJson, readBody } from './http-answers.ts';
import type { RelayMetrics } from './metrics.ts';
import { blobPlace, isAllowed } from './request-guard.ts';
import type { RelaySettings } from './settings.ts';
import type { UpkeepApi } from './upkeep-api.ts';

export interface HttpApiParts {
  readonly settings: RelaySettings;
  readonly hub: Hub;
  readonly history: History;
  readonly access: AccessApi;
  readonly large: LargeDocuments;
  readonly blobs: BlobDesk;
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
      answerRefusal(response);
      return;
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const call = this.#parts.access.callFor(request, path);
    const blob = blobPlace(request.url);
    if (request.method === 'GET' && path === '/healthz') this.#health(response);
    else if (request.method === 'GET' && path === '/metrics') await this.#metrics(response);
    else if (call) await call(request, response);
    else if (blob) await this.#parts.blobs.handle(request, response, blob);
    else if (this.#parts.upkeep.isFor(request)) await this.#backup(request, response);
    else answerError(response, 404, 'not-found', 'There is nothing here.');
  }

  #health(response: ServerResponse): void {
    const { storage } = this.#parts.hub;
    const { counts, retention } = this.#parts.history;
    const history = { ...counts, historyDays: retention.days, historyBytes: retention.bytes };
    const largeDocuments = this.#parts.large.sizes.size;
    if (storage.state === 'ok') answer(response, 200, { status: 'ok', history, largeDocuments });
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
}
