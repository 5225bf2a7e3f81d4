/**
 * The accounts of the LEAPERone playground. Their keys are public on purpose, so that each `curl` line works as it stands; the last six characters
 * are the checksum of the rest.
 */
import type { Sample, SampleKey } from '../../sample.ts'

export const LEAPERONE_PREFIX = 'sk-'

export const leaperoneKeys = {
  valid: 'sk-PlaygroundValid000000000000000002okRlt',
  /** Of the same user as `valid`, with a limit of its own. */
  slow: 'sk-PlaygroundSlow0000000000000000003lTBKY',
  /** Of the same account, but another user. */
  colleague: 'sk-PlaygroundColleague000000000000040xQJO',
  /** Well formed, but nobody's. */
  unknown: 'sk-PlaygroundUnknown0000000000000000rXYGj',
  revoked: 'sk-PlaygroundRevoked00000000000000035xY6q',
  disabled: 'sk-PlaygroundDisabled000000000000003h9ddd',
  expired: 'sk-PlaygroundExpired0000000000000001LGGqz',
  closedAccount: 'sk-PlaygroundClosedAccount0000000001MyWy5',
  suspendedAccount: 'sk-PlaygroundSuspendedAccount0000001BVQzI',
  noPlan: 'sk-PlaygroundNoPlan00000000000000002yumV1',
  almostEmpty: 'sk-PlaygroundAlmostEmpty000000000002yVIvB',
  free: 'sk-PlaygroundFree0000000000000000002TNXEM',
  stranger: 'sk-PlaygroundStranger000000000000001OatU8',
} as const

/** Windows are counted by user, so every key has one. */
function key(id: string, secret: string, rest: Partial<SampleKey> = {}): SampleKey {
  return { id: `leaper_key_${id}`, secret, status: 'active', userId: 'leaper_user_owner', ...rest }
}

function account(id: string, name: string, secret: string, { credits, ...rest }: Partial<Sample['account']> & { readonly credits: string }): Sample {
  return { account: { id: `leaper_${id}`, name, status: 'active', plan: 'starter', ...rest }, keys: [key(`of_${id}`, secret)], credits: { credit: credits } }
}

/** The expired tasks among the service's files belong to it. */
const studio: Sample = {
  account: { id: 'leaper_studio', name: 'Studio Lindqvist', status: 'active', plan: 'enterprise' },
  keys: [
    key('valid', leaperoneKeys.valid),
    key('slow', leaperoneKeys.slow, { limits: { key: 1 } }),
    key('colleague', leaperoneKeys.colleague, { userId: 'leaper_user_colleague' }),
    key('revoked', leaperoneKeys.revoked, { status: 'revoked' }),
    key('disabled', leaperoneKeys.disabled, { status: 'disabled' }),
    key('expired', leaperoneKeys.expired, { expiresAtMs: Date.parse('2026-01-01T00:00:00Z') }),
  ],
  credits: { credit: '1000' },
}

export const leaperoneSamples: readonly Sample[] = [
  studio,
  account('free', 'First Steps', leaperoneKeys.free, { plan: 'free', credits: '500' }),
  // Enough for the smallest model many times over, and for nothing else.
  account('almost_empty', 'Almost Empty', leaperoneKeys.almostEmpty, { credits: '0.01' }),
  account('stranger', 'Somebody Else', leaperoneKeys.stranger, { credits: '5' }),
  account('closed', 'Closed Gallery', leaperoneKeys.closedAccount, { status: 'disabled', credits: '5' }),
  account('suspended', 'Unpaid Invoices', leaperoneKeys.suspendedAccount, { status: 'suspended', credits: '5' }),
  account('no_plan', 'Window Shoppers', leaperoneKeys.noPlan, { status: 'not_entitled', credits: '5' }),
]
