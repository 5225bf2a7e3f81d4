/**
 * The accounts of the playground's AI-Powered API. Their keys are public on purpose, so that each `curl` line works as it stands; the last six
 * characters are the checksum of the rest.
 */
import type { Sample, SampleKey } from '../../sample.ts'

export const AI_API_PREFIX = 'aik_'

export const aiApiKeys = {
  valid: 'aik_PlaygroundValid000000000000000002VnL4v',
  admin: 'aik_PlaygroundAdmin000000000000000003Vox9c',
  reader: 'aik_PlaygroundReader00000000000000000abWqc',
  writer: 'aik_PlaygroundWriter00000000000000003e9ZsY',
  /** Well formed, but nobody's. */
  unknown: 'aik_PlaygroundUnknown0000000000000001AdBR7',
  expired: 'aik_PlaygroundExpired0000000000000001dfHif',
  revoked: 'aik_PlaygroundRevoked0000000000000003Oy0cS',
  /** Its time is over as well. */
  revokedLongAgo: 'aik_PlaygroundRevokedLongAgo000000004ZoqUW',
  disabled: 'aik_PlaygroundDisabled000000000000003yRNSv',
  suspended: 'aik_PlaygroundSuspended00000000000003FIoCR',
  banned: 'aik_PlaygroundBanned00000000000000000mfCNI',
  closed: 'aik_PlaygroundClosed00000000000000003stiMW',
  noPlan: 'aik_PlaygroundNoPlan00000000000000003G7JD1',
  quota: 'aik_PlaygroundQuota0000000000000000040Pg14',
  minute: 'aik_PlaygroundMinute00000000000000000oLGII',
  hour: 'aik_PlaygroundHour00000000000000000007tWo1',
  day: 'aik_PlaygroundDay00000000000000000003zt8GV',
  webhooks: 'aik_PlaygroundWebhooks000000000000002FLfDq',
  oneAtATime: 'aik_PlaygroundOneAtATime0000000000001LHQJC',
  corrupt: 'aik_PlaygroundCorrupt0000000000000002uU5o8',
  lighthouse: 'aik_PlaygroundLighthouse0000000000001p9CvF',
  stranger: 'aik_PlaygroundStranger000000000000001h92Dw',
} as const

const YEAR_END = Date.parse('2026-01-01T00:00:00Z')
const everything = ['read', 'write', 'webhook']

function key(id: string, secret: string, rest: Partial<SampleKey> = {}): SampleKey {
  return { id: `ai_key_${id}`, secret, status: 'active', scopes: everything, ...rest }
}

function account(id: string, name: string, secret: string, rest: Partial<Sample['account']> & Pick<Sample, 'used'> = {}): Sample {
  const { used, ...state } = rest
  return {
    account: { id: `org_${id}`, name, status: 'active', plan: 'pro', ...state },
    keys: [key(`of_${id}`, secret)],
    used,
  }
}

const atelier: Sample = {
  account: { id: 'org_atelier', name: 'Atelier Nord', status: 'active', plan: 'enterprise' },
  keys: [
    key('valid', aiApiKeys.valid),
    key('admin', aiApiKeys.admin, { scopes: ['admin'] }),
    key('reader', aiApiKeys.reader, { scopes: ['read'] }),
    key('writer', aiApiKeys.writer, { scopes: ['write'] }),
    key('expired', aiApiKeys.expired, { expiresAtMs: YEAR_END }),
    key('revoked', aiApiKeys.revoked, { status: 'revoked' }),
    key('revoked_long_ago', aiApiKeys.revokedLongAgo, { status: 'revoked', expiresAtMs: YEAR_END }),
    key('disabled', aiApiKeys.disabled, { status: 'disabled' }),
  ],
}

export const aiApiSamples: readonly Sample[] = [
  atelier,
  account('suspended', 'Paused Pages', aiApiKeys.suspended, { status: 'suspended', suspendedUntilMs: Date.parse('2099-01-01T00:00:00Z') }),
  account('banned', 'Ghost Writers', aiApiKeys.banned, { status: 'suspended' }),
  account('closed', 'Closed Books', aiApiKeys.closed, { status: 'disabled' }),
  account('no_plan', 'Window Shoppers', aiApiKeys.noPlan, { status: 'not_entitled' }),
  account('quota', 'Busy All Month', aiApiKeys.quota, { plan: 'free', used: { month: 1_000 } }),
  account('minute', 'Two a Minute', aiApiKeys.minute, { limits: { minute: 2 } }),
  account('hour', 'Two an Hour', aiApiKeys.hour, { limits: { hour: 2 } }),
  // With a month so wide that the day alone refuses.
  account('day', 'Busy Today', aiApiKeys.day, { plan: 'free', limits: { month: 300_000 }, used: { day: 10_000 } }),
  account('webhooks', 'Never Sure', aiApiKeys.webhooks),
  account('one', 'One at a Time', aiApiKeys.oneAtATime, { limits: { slots: 1 } }),
  // What is particular about these two is not here: it lies in the service's own files.
  account('corrupt', 'The Archive', aiApiKeys.corrupt),
  account('lighthouse', 'Lighthouse Keepers', aiApiKeys.lighthouse),
  account('stranger', 'Somebody Else', aiApiKeys.stranger),
]
