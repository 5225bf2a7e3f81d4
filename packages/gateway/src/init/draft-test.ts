/** A first test of the new gateway: a service of the test's own, the gateway before it, and what is refused and why. */
import { FREE_A_MONTH } from './draft-config.ts'
import { draftContract } from './draft-contract.ts'
import { planOf } from './draft-readme.ts'
import type { InitAnswers } from './init-answers.ts'
import { defineContract, type ServerReason } from 'tollgate/contract'

/** The package whose program the new project runs. */
export const GATEWAY = '@tollgate/gateway'

export function draftTest(answers: InitAnswers): string {
  const { name, charge, upstream } = answers
  const isPaid = charge === 'credits' || charge === 'usage'
  const contract = defineContract(draftContract(answers))
  const sentAs = (reason: ServerReason): number => contract.entryFor(reason, {}).sentAs
  const call = upstream === undefined ? "'/v1/reports', { method: 'POST', body: JSON.stringify({ topic: 'owls' }), headers: { 'content-type': 'application/json', ...headers } }" : "'/', { headers }"
  const service = charge === 'usage' ? '{"report":"All is well.","usage":{"total_tokens":1200}}' : '{"report":"All is well."}'

  const tests = [
    `test('a key is needed, and the account must be known', async () => {
  assert.equal((await call()).status, ${sentAs('credential.missing')})
  assert.equal((await call({ authorization: 'Bearer nonsense' })).status, ${sentAs('credential.invalid')})
})`,
    `test('who has one is let through to the service', async () => {
  const headers = await newCaller('let-through'${isPaid ? ", '10.00'" : ''})
  const answer = await call(headers)
  assert.equal(answer.status, 200)
  assert.equal((await answer.json()).report, 'All is well.')
})`,
    charge === 'quota'
      ? `test('after ${FREE_A_MONTH} calls the month of the free plan is used up', async () => {
  const headers = await newCaller('busy', undefined, { month: 3 }) // three will do for a test
  for (let at = 0; at < 3; at++) assert.equal((await call(headers)).status, 200)
  assert.equal((await call(headers)).status, ${sentAs('quota.exhausted')})
})`
      : '',
    isPaid
      ? `test('without money nothing is done', async () => {
  assert.equal((await call(await newCaller('poor'))).status, ${sentAs('credit.insufficient')})
})`
      : '',
    charge === 'free'
      ? `test('sixty a minute, and no more', async () => {
  const headers = await newCaller('hasty')
  const statuses = await Promise.all(Array.from({ length: 61 }, async () => (await call(headers)).status))
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === ${sentAs('rate.limited')}).length], [60, 1])
})`
      : '',
    upstream === undefined
      ? `test('what is no request is refused before the service sees it', async () => {
  const headers = { 'content-type': 'application/json', ...(await newCaller('sloppy'${isPaid ? ", '10.00'" : ''})) }
  assert.equal((await fetch(new URL('/v1/reports', gateway.url), { method: 'POST', body: '{}', headers })).status, ${sentAs('field.missing')})
  assert.equal((await fetch(new URL('/v1/reports', gateway.url), { method: 'PATCH', headers })).status, ${sentAs('method.not_allowed')})
})`
      : '',
  ].filter((each) => each !== '')

  return `// The configuration as it is, in front of a service of this test's own. Change it together with what it promises.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startGateway } from ${quoted(GATEWAY)}

const data = mkdtempSync(join(tmpdir(), '${name}-'))
let service, gateway

before(async () => {
  service = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    request.resume().on('end', () => response.end('${service}'))
  })
  await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve))
  const env = { PORT: '0', ADMIN_PORT: '0', DATABASE: join(data, 'test.db'), SERVICE_URL: \`http://127.0.0.1:\${service.address().port}\` }
  gateway = await startGateway({ config: join(import.meta.dirname, '../tollgate.yaml'), env })
})

after(async () => {
  await gateway?.close()
  service?.close()
  rmSync(data, { recursive: true, force: true })
})

${tests.join('\n\n')}

function call(headers = {}) {
  return send(${call})
}

function send(path, options) {
  return fetch(new URL(path, gateway.url), options)
}

/** The headers of somebody who may call. */
async function newCaller(id${isPaid ? ', credit' : charge === 'quota' ? ', _, limits' : ''}) {
  await operator('/v1/accounts', { id, api: '${name}', plan: '${planOf(charge)}', name: id${charge === 'quota' ? ', limits' : ''} })
${isPaid ? "  if (credit !== undefined) await operator(`/v1/accounts/${id}/grants`, { amount: credit, reason: 'a test' })\n" : ''}  const { secret } = await operator(\`/v1/accounts/\${id}/keys\`, {})
  return { authorization: \`Bearer \${secret}\` }
}

async function operator(path, body) {
  const headers = { authorization: \`Bearer \${gateway.adminToken}\`, 'content-type': 'application/json' }
  const answer = await fetch(new URL(path, gateway.adminUrl), { method: 'POST', headers, body: JSON.stringify(body) })
  assert.ok(answer.ok, await answer.clone().text())
  return answer.json()
}
`
}

function quoted(text: string): string {
  return `'${text}'`
}
