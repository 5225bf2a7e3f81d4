/** An API that speaks XML behind the whole program, over sockets: its refusals, also those inside a 200, and successes that stream. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { request } from 'undici'
import { startGateway } from './program.ts'

async function start() {
  let answer: (response: ServerResponse) => void = (response) => response.end()
  const service = createServer((incoming, response) => {
    incoming.resume()
    answer(response)
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void service.close().closeAllConnections())
  const gateway = await startGateway({
    log: { info: () => {}, warn: () => {}, error: () => {} },
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'token-0123456789' },
      store: 'memory',
      upstreams: { storage: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
      apis: { storage: { mount: '/', contract: 's3', credentials: { from: [{ header: 'x-key' }], prefix: 'k_' }, plans: { basic: {} }, routes: [{ on: 'GET /objects' }] } },
    },
  })
  onTestFinished(() => gateway.close())
  const admin = async (path: string, body: unknown) => {
    const { body: said } = await request(`${gateway.adminUrl}${path}`, { method: 'POST', headers: { authorization: 'Bearer token-0123456789', 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return (await said.json()) as { readonly secret: string }
  }
  await admin('/v1/accounts', { id: 'acme', api: 'storage', name: 'Acme', plan: 'basic' })
  const { secret } = await admin('/v1/accounts/acme/keys', {})
  return {
    answerBy: (by: (response: ServerResponse) => void) => void (answer = by),
    ask: (key = secret) => request(`${gateway.url}/objects`, { headers: { 'x-key': key } }),
  }
}

const error = (code: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>So &lt;it&gt; is.</Message><Key>a&amp;b</Key><RequestId>theirs</RequestId></Error>`

it('the gateway refuses in XML, with its own id', async () => {
  const { ask } = await start()
  const { statusCode, headers, body } = await ask('k_unknown')
  expect([statusCode, headers['content-type'], await body.text()]).toEqual([
    403,
    'application/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InvalidAccessKeyId</Code><Message>The access key Id you provided does not exist in our records.</Message><RequestId>${String(headers['x-amz-request-id'])}</RequestId></Error>`,
  ])
})

it.each([['application/xml', 404], ['text/xml; charset=utf-8', 200], ['application/xml', 200]] as const)('a refusal of the service as %s under %i is heard, and told with the id of the gateway', async (type, status) => {
  const { ask, answerBy } = await start()
  answerBy((response) => {
    const body = error('NoSuchKey')
    response.writeHead(status, { 'content-type': type }).write(body.slice(0, 50))
    response.end(body.slice(50))
  })
  const { statusCode, headers, body } = await ask()
  const text = await body.text()
  expect([statusCode, headers['content-type']]).toEqual([404, 'application/xml'])
  expect(text).toContain('<Code>NoSuchKey</Code><Message>So &lt;it&gt; is.</Message><Key>a&amp;b</Key>')
  expect(text).toContain(`<RequestId>${String(headers['x-amz-request-id'])}</RequestId>`)
})

it('a success of another root is not held back, and passes as it came', async () => {
  const { ask, answerBy } = await start()
  let end = (): void => {}
  answerBy((response) => {
    response.writeHead(200, { 'content-type': 'application/xml' }).write('<?xml version="1.0"?><List><Code>NoSuchKey</Code>')
    end = () => void response.end('</List>')
  })
  const { statusCode, body } = await ask()
  const chunks: string[] = []
  for await (const chunk of body) {
    chunks.push(String(chunk))
    // The rest is only sent once this has come.
    end()
  }
  expect([statusCode, chunks]).toEqual([200, ['<?xml version="1.0"?><List><Code>NoSuchKey</Code>', '</List>']])
})

it.each(['<Error>', '<!DOCTYPE Error [<!ENTITY a "b">]><Error><Code>&a;</Code></Error>', `${'<Error>'.repeat(5_000)}`, '{"a":1}', ''])('hostile bytes under 200 pass as they came, under 500 they are a failure: %j', async (bytes) => {
  const { ask, answerBy } = await start()
  answerBy((response) => response.writeHead(200, { 'content-type': 'application/xml' }).end(bytes))
  const passed = await ask()
  expect([passed.statusCode, await passed.body.text()]).toEqual([200, bytes])
  answerBy((response) => response.writeHead(500, { 'content-type': 'application/xml' }).end(bytes))
  const failed = await ask()
  expect([failed.statusCode, failed.headers['content-type']]).toEqual([503, 'application/xml'])
  expect(await failed.body.text()).toContain('<Error><Code>')
})
