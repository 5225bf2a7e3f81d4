/**
 * The signal of a request, which keeps its request from being collected as garbage as long as somebody has the signal: one whose request is gone is never told that the
 * caller gave up (https://github.com/nodejs/undici/issues/1926).
 */
export const signalOf = (request: Request): AbortSignal => Object.assign(request.signal, { request })
