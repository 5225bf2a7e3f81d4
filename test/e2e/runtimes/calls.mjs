/**
 * What a client does, in any runtime: told which modules to use, since a browser has no `node_modules`.
 *
 * @param {string} base where the API of the test is
 * @param {{ client: typeof import('tollgate/client'), streams: typeof import('tollgate/client/streams'), dialects: typeof import('tollgate/dialects') }} modules
 */
export async function calls(base, { client: { createClient, refusalOf }, streams: { stream }, dialects: { openai } }) {
  let token = 'old'
  const api = createClient({ baseUrl: base, contract: openai, credentials: { token, refresh: async () => (token = 'new') } })
  const seen = {}

  seen.json = await api.json('/fine')
  const began = performance.now()
  seen.waited = await api.json('/slow-down')
  seen.waitedEnough = performance.now() - began >= 1_000
  seen.refused = refusalOf(await api('/poor'))?.reason
  seen.code = (await api.result('/poor', { method: 'POST', json: { ask: 'x' } })).error?.code

  seen.said = ''
  for await (const { data } of stream(api, '/chat', { method: 'POST', json: {} })) seen.said += data
  seen.cut = await stream(api, '/chat-cut', { method: 'POST', json: {} }).next().then(({ value }) => value.data)
  try {
    for await (const { data } of stream(api, '/chat-cut', { method: 'POST', json: {} })) seen.cut = data
  } catch (error) {
    seen.cutError = `${error.reason} ${error.because}`
  }

  const controller = new AbortController()
  setTimeout(() => controller.abort(), 50)
  const waiting = performance.now()
  seen.aborted = (await api.result('/slow-down-long', { signal: controller.signal })).error?.reason
  seen.abortedAtOnce = performance.now() - waiting < 5_000
  seen.down = (await api.result('http://127.0.0.1:1/x', { attempts: 2, timeoutMs: 5_000 })).error?.reason
  return seen
}
