/** Ours, at its defaults. Each client has the budget that a process of its own would have. */
import { createClient, createRetryBudget, type ClientOptions, type RetryBudget } from 'tollgate/client'
import { circuit } from 'tollgate/client/circuit'
import type { Contender } from '../contender.ts'
import { EPOCH_MS } from '../simulated-globals.ts'
import type { Timeline } from '../timeline.ts'

export const tollgateWith = (name: string, budget: () => RetryBudget | false = createRetryBudget, more: () => Pick<ClientOptions, 'attempts' | 'extensions'> = () => ({})): Contender => ({
  name,
  from: undefined,
  dialect: 'plain',
  async create({ baseUrl, attemptTimeoutMs, network }) {
    const inMemory = network.kind === 'memory' ? { fetch: network.fetch, random: network.random, clock: clockOf(network.timeline) } : {}
    const client = createClient({ baseUrl: `${baseUrl}/v1`, attemptTimeoutMs, budget: budget(), ...inMemory, ...more() })
    const paid = { method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json' } }
    return ({ kind, signal }) => client.json('/things', { ...(signal === undefined ? {} : { signal }), ...(kind === 'paid' ? paid : {}) })
  },
})

const clockOf = ({ nowMs, after }: Timeline) => ({ wallMs: () => EPOCH_MS + Math.floor(nowMs()), monotonicMs: nowMs, after })

export const tollgate = tollgateWith('tollgate')

export const tollgateCircuit: Contender = { ...tollgateWith('tollgate + circuit', createRetryBudget, () => ({ extensions: [circuit()] })), note: 'with `extensions: [circuit()]`' }
