/** Each entry of each shipped contract is provoked over HTTP, and read back by its contract as what was sent, up to what the contract says that it loses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalog } from 'tollgate/catalog'
import { findDifferences } from 'tollgate/testing'
import type { Contract, ReceivedAnswer } from 'tollgate/contract'
import { findContract } from '../config/build/contract-source.ts'
import { createFiles } from '../config/read/files.ts'
import { startMock, type MockServer } from './mock-server.ts'

const ignored = () => undefined
const contracts = Object.keys(catalog).map((name) => findContract(name, [], createFiles('.'), ignored, ignored)).filter((contract) => contract !== undefined)

async function received(answer: Response): Promise<ReceivedAnswer> {
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
}

function sentBy({ mock }: MockServer) {
  const played = mock.calls().at(-1)?.attempts.at(-1)?.played
  if (played?.kind !== 'refusal') throw new Error(`no refusal was played, but ${JSON.stringify(played)}`)
  return played.sent
}

it('there are contracts to play, and all that are shipped are among them', () => {
  expect(contracts.map(({ name }) => name).toSorted()).toEqual(Object.keys(catalog).toSorted())
})

describe.each(contracts.map((contract) => [contract.name, contract] as const))('%s', (_, contract: Contract) => {
  let server: MockServer
  beforeAll(async () => {
    server = await startMock({ contract, script: {}, address: { port: 0, host: '127.0.0.1' }, onError: (error) => expect.unreachable(String(error)) })
  })
  afterAll(() => server.close())
  const isReadOnly = contract.declaration.decodeOnly === true

  it.each([...contract.entries.keys()])('%s', async (id) => {
    const entry = contract.entries.get(id)
    const answer = await received(await fetch(`${server.url}/_mock/${id}`, { redirect: 'manual' }))
    const sent = sentBy(server)
    expect(sent.entry).toBe(id)
    const read = contract.read(answer)
    // What is only read may have forms that no template writes: a reader of its own knows them.
    if (read === undefined && isReadOnly) return
    expect({ read: read !== undefined, body: answer.body }).toMatchObject({ read: true })
    if (isReadOnly || read === undefined) return
    expect(findDifferences(contract, sent, read)).toEqual([])
    expect(answer.status).toBe(entry?.sentAs)
  })

  it.runIf(contract.declaration.envelope.stream !== undefined && !isReadOnly)('and each in the middle of a stream', async () => {
    for (const id of contract.entries.keys()) {
      const text = await (await fetch(`${server.url}/_mock/${id}?midStream=2`)).text()
      const events = text.split('\n\n').filter((frame) => frame !== '').map((frame) => ({
        ...(/^event: (.*)$/m.test(frame) ? { event: /^event: (.*)$/m.exec(frame)?.[1] ?? '' } : {}),
        data: [...frame.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n'),
      }))
      expect(events.slice(0, 2).map(({ data }) => data)).toEqual(['{"text":"This "}', '{"text":"comes "}'])
      const read = events.slice(2).map((event) => contract.readStreamEvent(event)).find((each) => each !== undefined)
      const meant = Object.hasOwn(contract.loss.entries, id) ? contract.loss.entries[id] : id
      expect(`${id} is read as ${read?.entry}`).toBe(`${id} is read as ${meant}`)
    }
  })
})
