import { expect, it } from 'vitest'
import { prepareDeparture, type PreparedDeparture } from './departure.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

type Prepared = ReturnType<OutgoingRequest['prepare']>

async function departed({ prepared = 'ready', dispatching = () => Promise.resolve(true), isOver = () => false }: { readonly prepared?: Prepared; readonly dispatching?: () => Promise<boolean>; readonly isOver?: () => boolean }) {
  let marked = 0
  const reported: unknown[] = []
  const mark = (): Promise<boolean> => {
    marked += 1
    return dispatching()
  }
  const departure: PreparedDeparture = await prepareDeparture({ prepare: () => prepared }, { dispatching: mark }, { report: (error) => void reported.push(error) }, isOver)
  return { departure, marked, reported }
}

it('a call whose body is whole, and which is marked as sent, is sent', async () => {
  for (const prepared of ['ready', Promise.resolve<'ready'>('ready')] as const) expect(await departed({ prepared })).toEqual({ departure: { kind: 'ready' }, marked: 1, reported: [] })
})

it('one whose body did not come is not even marked', async () => {
  for (const prepared of ['too_large', Promise.resolve<'broken'>('broken')] as const) expect(await departed({ prepared })).toEqual({ departure: { kind: 'body', problem: await prepared }, marked: 0, reported: [] })
})

it('one that came to its end while its body was read is not marked, and while it was marked is not sent', async () => {
  expect(await departed({ prepared: Promise.resolve('ready'), isOver: () => true })).toEqual({ departure: { kind: 'over' }, marked: 0, reported: [] })
  let isOver = false
  const dispatching = async (): Promise<boolean> => (isOver = true)
  expect(await departed({ dispatching, isOver: () => isOver })).toEqual({ departure: { kind: 'over' }, marked: 1, reported: [] })
})

it('one that could not be marked is not sent; what threw is reported', async () => {
  const failed = (detail: string) => ({ kind: 'failed', failure: { kind: 'refused', detail } })
  expect(await departed({ dispatching: async () => false })).toEqual({ departure: failed('the call is over, or could not be marked as sent'), marked: 1, reported: [] })
  const error = new Error('disk full')
  expect(await departed({ dispatching: () => Promise.reject(error) })).toEqual({ departure: failed('the call could not be marked as sent'), marked: 1, reported: [error] })
})
