/** The same idempotency key: for the same request, for another one, at once, and after a request that was refused. */
import { stepOf } from '../probe.ts'
import { jsonObjectOf, withHeader, withJson } from '../probe-request.ts'
import { anyFor, chosen } from '../acceptable.ts'
import { asItSucceeds, probeOf, type ProbeSource } from './probe-source.ts'

export const idempotency: ProbeSource = (context) => {
  const { contract, plan } = context
  return plan.calls.flatMap((call) => {
    const { idempotencyHeader, succeeds } = call
    const plain = asItSucceeds(context, call)
    const body = jsonObjectOf(plain)
    if (idempotencyHeader === undefined || !succeeds || body === undefined) return []
    const keyed = withHeader(plain, idempotencyHeader, '{{fresh}}')
    const other = withJson(keyed, { ...body, tollgate_check: 'another request' })
    const once = { risks: call.risks }
    const success = { kind: 'success' } as const
    const probe = (group: string, title: string, ...steps: readonly ReturnType<typeof stepOf>[]) => probeOf(call, group, title, keyed, success, { ...once, steps })
    const [fault] = call.faults
    const inProgress = anyFor(contract, ['idempotency.in_progress'])
    const atOnce = inProgress.kind === 'refusal' ? inProgress.entries : []
    return [
      probe('same-key', 'the same request twice under one idempotency key', stepOf(keyed, success), stepOf(keyed, { kind: 'replay', of: 0 })),
      probe('same-key-other-body', 'another request under the same idempotency key', stepOf(keyed, success), stepOf(other, chosen(contract, 'idempotency.mismatch'))),
      probe('same-key-at-once', 'the same request twice at once', stepOf(keyed, { kind: 'done-once', entries: atOnce }, { kind: 'together', count: 2 })),
      ...(fault === undefined ? [] : [probe('key-after-refusal', 'the key of a request that was refused', stepOf(withJson(keyed, fault.body), anyFor(contract, ['field.missing', 'field.invalid', 'request.invalid'])), stepOf(keyed, success))]),
    ]
  })
}
