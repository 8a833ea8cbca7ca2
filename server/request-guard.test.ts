// What the relay lets through before it does anything: Host, Origin and paths.
import { describe, expect, test } from 'vitest';
import { isAllowed, logWorkspace, socketTarget } from './request-guard.ts';
import { readSettings } from './settings.ts';

const settings = readSettings({
  flags: { data: '/d', allowedHosts: ['relay.example'], allowedOrigins: ['https://wiki.example'] },
  environment: {},
});

describe('request guard', () => {
  test.each([
    [{ host: '127.0.0.1:4680' }, true],
    [{ host: 'localhost:4680' }, true],
    [{ host: '[::1]:4680' }, true],
    [{ host: 'relay.example' }, true],
    [{}, false],
    [{ host: 'evil.example' }, false],
    [{ host: '127.0.0.1.evil.example:4680' }, false],
    [{ host: 'user@127.0.0.1' }, false],
    [{ host: '127.0.0.1/x' }, false],
    [{ host: '127.0.0.1:4680', origin: 'http://127.0.0.1:4680' }, true],
    [{ host: '127.0.0.1:4680', origin: 'https://wiki.example' }, true],
    [{ host: '127.0.0.1:4680', origin: 'http://127.0.0.1:9999' }, false],
    [{ host: '127.0.0.1:4680', origin: 'https://evil.example' }, false],
    [{ host: '127.0.0.1:4680', origin: 'null' }, false],
  ])('[RE2] %j is allowed: %s', (headers, allowed) => {
    expect(isAllowed(headers, settings)).toBe(allowed);
  });

  test.each([
    ['/ws/space/doc', { kind: 'room', room: 'ws/space/doc' }],
    ['/ws/~member/doc?x=1', { kind: 'room', room: 'ws/~member/doc' }],
    ['/v1/link/ws', { kind: 'link', workspace: 'ws' }],
    ['/ws/space', null],
    ['/ws/space/doc/more', null],
    ['/ws/../doc', null],
    ['/v1/link/..', null],
    ['', null],
  ])('[RE2] the path %s leads to %j', (path, target) => {
    expect(socketTarget(path)).toEqual(target);
  });

  test('[RE2] only a well-formed workspace has a log', () => {
    expect(logWorkspace('/v1/log/abc')).toBe('abc');
    for (const path of ['/v1/log/', '/v1/log/a/b', '/v1/log/..', '/v1/logs/a']) expect(logWorkspace(path)).toBeNull();
  });
});
