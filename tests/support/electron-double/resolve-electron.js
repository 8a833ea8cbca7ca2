// A Node loader hook: `electron` is the double, everything else is as usual.

/** @type {import('node:module').ResolveHook} */
export const resolve = (specifier, context, next) =>
  specifier === 'electron'
    ? { url: new URL('./electron.js', import.meta.url).href, format: 'module', shortCircuit: true }
    : next(specifier, context);
