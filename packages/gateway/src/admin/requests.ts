/** The request log: one request explained, and lists by account, entry, API and the caller's own id. */
import type { Reading, RequestRow } from 'tollgate/admission'
import type { Entry } from 'tollgate/contract'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { notFound, readInput, type AdminRoute } from './admin-route.ts'
import { explainRequest } from './explain-request.ts'
import { instant, instantText } from './fields.ts'
import { shownLimits } from './shown-limits.ts'

const filters = settings({
  account: z.string().optional(),
  api: z.string().optional(),
  entry: z.string().optional(),
  clientRequestId: z.string().optional(),
  before: instant.optional(),
  limit: integer(1, 1_000).default(50),
})

/** Of one request there are seldom more than three. */
const MOVEMENTS = 100

export const requestRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/requests',
    async handle({ query }, { store }) {
      const input = readInput(filters, query)
      if ('refusal' in input) return input
      const { account: accountId, api, entry, clientRequestId, before: beforeMs, limit } = input.value
      const rows = await store.requests({
        limit,
        ...(accountId !== undefined && { accountId }),
        ...(api !== undefined && { api }),
        ...(entry !== undefined && { entry }),
        ...(clientRequestId !== undefined && { clientRequestId }),
        ...(beforeMs !== undefined && { beforeMs }),
      })
      return { body: { requests: rows.map(showRequest) } }
    },
  },
  {
    method: 'GET',
    path: '/v1/requests/{id}',
    async handle({ params }, gateway) {
      const id = params['id'] ?? ''
      const row = await gateway.store.request(id)
      if (row === undefined) return notFound('request', id)
      const entry = entryOf(row, gateway)
      const { name: accountName } = (row.accountId === undefined ? undefined : await gateway.directory.account(row.accountId)) ?? {}
      const movements = await gateway.store.ledger({ callId: id, limit: MOVEMENTS })
      const meters = gateway.config().apis.find(({ name }) => name === row.api)?.meters ?? {}
      const scaleOf = (name: string): number | undefined => {
        const meter = Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
        return meter?.kind === 'balance' ? meter.scale : undefined
      }
      const explanation = explainRequest(row, { entry, accountName, movements, scaleOf })
      return { body: { request: showRequest(row), ...(entry !== undefined && { entry: showEntry(entry) }), explanation } }
    },
  },
]

/** The entry as the contract has it now; a reload may have taken it away. */
function entryOf({ api, refusal }: RequestRow, { config }: AdminGateway): Entry | undefined {
  if (refusal === undefined) return undefined
  const { apis, fallback } = config()
  const contract = apis.find(({ name }) => name === api)?.contract ?? fallback
  return contract.entries.get(refusal.entry)
}

function showEntry({ id, code, status, reason, retry, action, description, remedy }: Entry) {
  return { id, code, status, reason, retry, action, description, ...(remedy !== undefined && { remedy }) }
}

export function showRequest({ atMs, meters, ...row }: RequestRow) {
  return { ...row, at: instantText(atMs), meters: meters.map(showReading) }
}

function showReading(reading: Reading) {
  const { name, subject, kind, used, resetAtMs, admitted, retryAtMs } = reading
  return { name, subject, kind, ...shownLimits(reading), used, resetAtMs, admitted, ...(retryAtMs !== undefined && { retryAtMs }) }
}
