/** A paid or keyed call as the admin API shows it. */
import { countsUntilMs, type CallRecord } from 'tollgate/engine'
import { z } from 'zod'
import { formatUnits } from './money-amounts.ts'
import { instantOf, instantText } from './fields.ts'

const subject = z.string().describe('whose it is: `account:acme`')
const taken = z.object({ subject, name: z.string().describe('the meter'), quantity: z.number().describe('how much of it') })

export const callState = z.enum(['claimed', 'dispatched', 'done', 'unknown'])

export const shownCall = z.object({
  id: z.string().describe('the request id'),
  accountId: z.string().describe('whose call it is'),
  keyId: z.string().optional().describe('with which key'),
  state: callState.describe('how far it is'),
  onExpiry: z.enum(['release', 'charge']).describe('what becomes of it at its deadline'),
  fence: z.number().describe('how often it was begun'),
  createdAt: instantOf('when it began'),
  deadline: instantOf('when it is resolved by itself'),
  key: z
    .object({ scope: z.string().describe('a hash; the key itself is stored nowhere'), keptUntil: instantOf('until when its answer is replayed') })
    .optional()
    .describe('its idempotency key'),
  holds: z
    .array(
      z.object({
        meter: z.string().describe('the balance'),
        subject,
        amount: z.string().describe('as a decimal'),
        units: z.number().describe('in whole units'),
        scale: z.number().describe('the decimals of the balance'),
      }),
    )
    .describe('money that is set aside for it'),
  counts: z
    .array(
      z.object({
        meter: z.string().describe('the meter'),
        subject,
        amount: z.string().describe('as a decimal'),
        units: z.number().describe('in whole units'),
        scale: z.number().describe('the decimals of the meter'),
        countsUntil: instantOf('when it counts no more, whatever becomes of the call'),
      }),
    )
    .optional()
    .describe('money that it is counted with until its price is known'),
  reserved: z
    .array(
      z.object({
        meter: z.string().describe('the meter'),
        subject,
        quantity: z.number().describe('how many'),
        countsUntil: instantOf('when they count no more, whatever becomes of the call'),
      }),
    )
    .optional()
    .describe('what is counted of it until its answer says what was used'),
  leases: z.array(z.object({ meter: z.string().describe('the meter'), subject, quantity: z.number().describe('how much of it') })).describe('what it occupies, and no session of its service does yet'),
  bound: z
    .array(z.object({ id: z.string().describe('of the session'), taken: z.array(taken).describe('what it occupies') }))
    .optional()
    .describe('sessions that its service has named'),
  countedScale: z.number().optional().describe('the decimals of what it cost, where no balance paid it'),
  chargedUnits: z.number().describe('what it cost, in whole units'),
  answered: z.object({ status: z.number().describe('of HTTP'), bytes: z.number().describe('of its body') }).optional().describe('the answer that is stored'),
  ended: z
    .object({
      at: instantOf('when'),
      by: z.enum(['settlement', 'operator', 'deadline', 'release']).describe('who ended it'),
      keptUntil: instantOf('when it may be forgotten'),
    })
    .optional()
    .describe('how it ended'),
})

/** Never the stored answer itself: it may hold personal data. */
export function showCall({ createdAtMs, deadlineMs, claim, holds, counts, reserved, leases, answer, ended, ...call }: CallRecord) {
  return {
    ...call,
    admissions: undefined,
    createdAt: instantText(createdAtMs),
    deadline: instantText(deadlineMs),
    key: claim && { scope: claim.scope, keptUntil: instantText(claim.keptUntilMs) },
    holds: holds.map(({ subject: of, name, units, scale }) => ({ meter: name, subject: of, amount: formatUnits(units, scale), units, scale })),
    counts: counts?.map((count) => ({ meter: count.name, subject: count.subject, amount: formatUnits(count.cost, count.scale), units: count.cost, scale: count.scale, countsUntil: instantText(countsUntilMs(count)) })),
    reserved: reserved?.map((receipt) => ({ meter: receipt.name, subject: receipt.subject, quantity: receipt.cost, countsUntil: instantText(countsUntilMs(receipt)) })),
    leases: leases.map(({ subject: of, name, quantity }) => ({ meter: name, subject: of, quantity })),
    answered: answer && { status: answer.status, bytes: Buffer.byteLength(answer.body, answer.encoding) },
    ended: ended && { at: instantText(ended.atMs), by: ended.by, keptUntil: instantText(ended.keptUntilMs) },
  }
}
