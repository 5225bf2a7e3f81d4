/** `idempotency: {}`: binds the call to the caller's idempotency key. */
import { z } from 'zod'
import { compact } from 'tollgate/contract'
import { duration, headerName, integer, settings, size } from '../read/scalars.ts'
import type { StepKind } from './step-kind.ts'

const shape = {
  idempotency: settings({
    header: headerName.default('Idempotency-Key'),
    required: z.boolean().default(false),
    kept: duration(1).optional().describe('How long an answer is replayed. Default: 24h.'),
    fingerprint: z.enum(['bytes', 'json']).optional().describe('What makes a request the same: its bytes, or what its JSON says in whatever order. Default: bytes.'),
    answerMax: size(1).optional().describe('A longer answer is not kept. Default: 256KiB.'),
    store: z
      .array(z.union([z.enum(['1xx', '2xx', '3xx', '4xx', '5xx']), integer(100, 599)]))
      .min(1)
      .optional()
      .describe('Which answers of the upstream are kept: [2xx, 409]. Default: 2xx, 3xx.'),
  }).describe('Binds the call to the caller’s idempotency key: what has been answered is replayed.'),
} satisfies z.ZodRawShape

export const idempotency: StepKind<'idempotency', typeof shape> = {
  key: 'idempotency',
  shape,
  needs: [
    { what: 'account', always: () => 'a public route knows no account whose idempotency keys it could keep' },
    { what: 'service', always: ({ handler }) => `what ${handler} answers is a secret, which must not be kept for a repeat; take this step away` },
  ],
  brings: [{ what: 'key', once: 'the route has an idempotency step already; take one of the two away' }, { what: 'hold' }],
  precedes: { what: 'record', fault: (name) => `must come before "${name}" is taken: a repeat would otherwise need the price once more to be answered` },
  build({ idempotency: { required, kept, fingerprint, answerMax, store, ...written } }, path, { api, report }) {
    const header = written.header.toLowerCase()
    if (api.credentials?.from.some((place) => place.header?.toLowerCase() === header)) {
      report([...path, 'idempotency', 'header'], `${header} holds the credential; the idempotency key needs a header of its own`)
    }
    return compact({ kind: 'idempotency', header, required: required ? true : undefined, keptMs: kept, fingerprint, answerBytesMax: answerMax, storeStatuses: store })
  },
}
