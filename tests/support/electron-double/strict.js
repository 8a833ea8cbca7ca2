// Makes the double honest: asking for an API that it lacks throws, instead of giving `undefined` and passing by luck.
import { EventEmitter } from 'node:events';

/** Names that the language and Node's EventEmitter themselves look up. */
const ASKED_BY_RUNTIME = new Set([
  'then',
  'toJSON',
  'constructor',
  'domain',
  'prototype',
  'asymmetricMatch',
  'nodeType',
]);

/**
 * @template {object} T
 * @param {string} name what the error calls it
 * @param {T} api
 * @param {readonly string[]} [lacking] what Electron's own object has not either, and callers may probe for
 * @returns {T}
 */
export function strict(name, api, lacking = []) {
  return new Proxy(api, {
    get(target, property, receiver) {
      if (
        typeof property === 'symbol' ||
        property in target ||
        property.startsWith('_') ||
        ASKED_BY_RUNTIME.has(property) ||
        lacking.includes(property)
      ) {
        return Reflect.get(target, property, receiver);
      }
      throw new Error(`The Electron double has no ${name}.${property}. Add it there, as Electron documents it.`);
    },
  });
}

/**
 * An EventEmitter with more members, strict.
 * @template {object} T
 * @param {string} name
 * @param {T} members
 * @param {readonly string[]} [lacking]
 * @returns {T & EventEmitter}
 */
export function strictEmitter(name, members, lacking = []) {
  const emitter = Object.defineProperties(new EventEmitter(), Object.getOwnPropertyDescriptors(members));
  return strict(name, /** @type {T & EventEmitter} */ (emitter), lacking);
}

/** An event whose default can be prevented, as Electron gives it to listeners. @param {Record<string, unknown>} [fields] */
export function preventable(fields = {}) {
  const event = {
    ...fields,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}
