/** One request, whole, and whether its answer is the one that was asked for: errors must never be measured. */
import { request } from 'node:http'
import { largeBody, upstreamBody } from './upstream.ts'
import type { Asked } from './load.ts'
import { authorization, paths } from './task.ts'

export interface Probe {
  readonly status: number
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: string
}

export function probe(port: number, { method = 'GET', path = paths.item, headers = {}, body: sent }: Partial<Asked>): Promise<Probe> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false, timeout: 5_000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')))
    asked.on('error', reject).end(sent)
  })
}

/** What is wrong with the answers of a contender that should refuse; empty when nothing is. */
export async function findWrongRefusal(port: number): Promise<readonly string[]> {
  const answers = [await probe(port, {}), await probe(port, { headers: { authorization: 'Bearer bk_wrong' } })]
  return answers.flatMap(({ status, headers, body }) => {
    const { success, meta } = parse(body) as { success?: unknown; meta?: { request_id?: unknown; timestamp?: unknown } }
    return problems({
      [`status ${status}, not 401`]: status !== 401,
      [`not JSON: ${String(headers['content-type'])}`]: !String(headers['content-type']).startsWith('application/json'),
      [`not the envelope: ${body}`]: success !== false || typeof meta?.timestamp !== 'string',
      'the request id of the body is not the one of the header': !/^req_(?:[0-9a-f]-?){32}$/.test(String(meta?.request_id)) || headers['x-request-id'] !== meta?.request_id,
      'no challenge': headers['www-authenticate'] === undefined,
    })
  })
}

/** What is wrong with the answers of a contender that should let the call pass. `direct`: nothing stands between. */
export async function findWrongPassage(port: number, asked: Partial<Asked> = { headers: { authorization } }, direct = false): Promise<readonly string[]> {
  const answers = [await probe(port, asked), await probe(port, asked)]
  const expected = asked.path === paths.large ? largeBody : upstreamBody
  const ids = new Set(answers.map(({ headers }) => headers['x-request-id']))
  return [
    ...answers.flatMap(({ status, headers, body }) =>
      problems({
        [`status ${status}, not 200`]: status !== 200,
        'not the body of the upstream': body !== expected,
        'no rate headers': !direct && headers['x-ratelimit-limit'] === undefined,
      }),
    ),
    ...problems({ 'request ids are not fresh': !direct && (ids.size !== 2 || ids.has(undefined)) }),
  ]
}

/** What is wrong with a stream of events, by its head and its first event. */
export function findWrongEvents(port: number, path: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { authorization }, agent: false, timeout: 5_000 }, (response) => {
      response.setEncoding('utf8').once('data', (chunk: string) => {
        resolve(
          problems({
            [`status ${response.statusCode}, not 200`]: response.statusCode !== 200,
            [`no stream of events: ${response.headers['content-type']}`]: response.headers['content-type'] !== 'text/event-stream',
            [`no event: ${chunk}`]: !/^data: \{.*"at":\d+\}\n\n/.test(chunk),
          }),
        )
        asked.destroy()
      })
      response.on('error', () => undefined)
    })
    asked.on('timeout', () => asked.destroy(new Error('no event within 5 s')))
    asked.on('error', reject).end()
  })
}

function problems(found: { readonly [problem: string]: boolean }): readonly string[] {
  return Object.keys(found).filter((problem) => found[problem] === true)
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) ?? {}
  } catch {
    return {}
  }
}
