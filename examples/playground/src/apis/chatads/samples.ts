/**
 * The teams of the ChatAds playground. Their keys are public on purpose, so that each `curl` line works as it stands; the last six characters
 * are the checksum of the rest.
 */
import type { Sample } from '../../sample.ts'

export const CHATADS_PREFIX = 'cak_'

export const chatadsKeys = {
  valid: 'cak_PlaygroundValid000000000000000003H6YqZ',
  spare: 'cak_PlaygroundSpare000000000000000003llbcx',
  /** Well formed, but nobody's. */
  unknown: 'cak_PlaygroundUnknown00000000000000004k2El',
  revoked: 'cak_PlaygroundRevoked0000000000000002Nj290',
  disabled: 'cak_PlaygroundDisabled0000000000000049ZIDb',
  expired: 'cak_PlaygroundExpired0000000000000001nh1zH',
  disabledTeam: 'cak_PlaygroundDisabledTeam00000000002CDmFX',
  suspendedTeam: 'cak_PlaygroundSuspendedTeam0000000000OnD5B',
  notInPlan: 'cak_PlaygroundNotInPlan00000000000004gZ0YN',
  blockedWord: 'cak_PlaygroundBlockedWord000000000000eHkbw',
  burst: 'cak_PlaygroundBurst00000000000000000343LBh',
  daily: 'cak_PlaygroundDaily000000000000000004dbKY0',
  monthly: 'cak_PlaygroundMonthly0000000000000002l77F7',
  corruptShard: 'cak_PlaygroundCorruptShard00000000000cgTIA',
  lockedShard: 'cak_PlaygroundLockedShard000000000002V7TEj',
} as const

function team(id: string, name: string, secret: string, rest: Partial<Sample['account']> & Pick<Sample, 'used'> = {}): Sample {
  const { used, ...account } = rest
  return {
    account: { id, name, status: 'active', plan: 'pro', ...account },
    keys: [{ id: `key_of_${id}`, secret, status: 'active' }],
    used,
  }
}

const everyday: Sample = {
  account: { id: 'team_everyday', name: 'Everyday Ltd', status: 'active', plan: 'pro' },
  keys: [
    { id: 'key_valid', secret: chatadsKeys.valid, status: 'active' },
    { id: 'key_spare', secret: chatadsKeys.spare, status: 'active' },
    { id: 'key_revoked', secret: chatadsKeys.revoked, status: 'revoked' },
    { id: 'key_disabled', secret: chatadsKeys.disabled, status: 'disabled' },
    { id: 'key_expired', secret: chatadsKeys.expired, status: 'active', expiresAtMs: Date.parse('2026-01-01T00:00:00Z') },
  ],
}

export const chatadsSamples: readonly Sample[] = [
  everyday,
  team('team_disabled', 'Closed Books', chatadsKeys.disabledTeam, { status: 'disabled' }),
  team('team_suspended', 'Unpaid Invoices', chatadsKeys.suspendedTeam, { status: 'suspended' }),
  team('team_not_in_plan', 'Window Shoppers', chatadsKeys.notInPlan, { status: 'not_entitled' }),
  team('team_blocked_word', 'Family Friendly', chatadsKeys.blockedWord, { blockedWords: ['casino', 'free money'] }),
  team('team_burst', 'One a Minute', chatadsKeys.burst, { limits: { burst: 1 } }),
  // 119 of 100: the next call is the 120th. The month is wide open, so the day alone refuses.
  team('team_daily', 'Busy Today', chatadsKeys.daily, { plan: 'free', limits: { monthly: 100_000 }, used: { daily: 119, monthly: 119 } }),
  team('team_monthly', 'Busy All Month', chatadsKeys.monthly, { plan: 'starter', used: { daily: 12, monthly: 5_000 } }),
  // What is wrong with these two is not here: it lies in the service's own files.
  team('team_corrupt', 'Harbour Sports', chatadsKeys.corruptShard),
  team('team_locked', 'Ten Thousand Things', chatadsKeys.lockedShard),
]
