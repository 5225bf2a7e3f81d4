/**
 * The accounts of the NexaLayer playground. Their keys and secrets are public on purpose, so that each `curl` line works as it stands; the last six
 * characters are the checksum of the rest.
 */
import type { Sample, SampleKey } from '../../sample.ts'

export const NEXALAYER_PREFIX = 'ak_'

export const nexalayerKeys = {
  valid: 'ak_PlaygroundValid000000000000000002uvIP6',
  /** For whoever prefers tokens, with a secret beside it. */
  tokens: 'ak_PlaygroundTokens00000000000000002KHWKV',
  readOnly: 'ak_PlaygroundReadOnly000000000000000jbUOI',
  /** Well formed, but nobody's. */
  unknown: 'ak_PlaygroundUnknown0000000000000000lDtXQ',
  revoked: 'ak_PlaygroundRevoked0000000000000003DPbNR',
  disabled: 'ak_PlaygroundDisabled000000000000003nT9JM',
  expired: 'ak_PlaygroundExpired0000000000000001SiIzM',
  disabledAccount: 'ak_PlaygroundDisabledAccount00000003ZdQfh',
  suspendedAccount: 'ak_PlaygroundSuspendedAccount0000001HXSwL',
  noPlan: 'ak_PlaygroundNoPlan000000000000000030ghZi',
  twoAMinute: 'ak_PlaygroundTwoAMinute0000000000001kdfrR',
  fiftyLeft: 'ak_PlaygroundFiftyLeft00000000000000CR1Yv',
  oneSession: 'ak_PlaygroundOneSession0000000000004YHfv1',
  stranger: 'ak_PlaygroundStranger000000000000001N6a8f',
  /** Its secret changes whenever somebody presses the button. */
  rotating: 'ak_PlaygroundRotating000000000000002s1jKv',
} as const

export const nexalayerSecrets = {
  tokens: 'as_PlaygroundTokens000000000000000032Dvpd',
  rotating: 'as_PlaygroundRotating000000000000001Hc1Ff',
  /** Well formed, but of no key. */
  wrong: 'as_PlaygroundWrong00000000000000000206kME',
} as const

function key(id: string, secret: string, rest: Partial<SampleKey> = {}): SampleKey {
  return { id: `nexa_key_${id}`, secret, status: 'active', scopes: ['admin'], ...rest }
}

function account(id: string, name: string, secret: string, { credits, tokenSecret, ...rest }: Partial<Sample['account'] & Pick<SampleKey, 'tokenSecret'>> & { readonly credits: string }): Sample {
  return {
    account: { id: `nexa_${id}`, name, status: 'active', plan: 'standard', ...rest },
    keys: [key(`of_${id}`, secret, tokenSecret === undefined ? {} : { tokenSecret })],
    credits: { credit: credits },
  }
}

const crawlers: Sample = {
  account: { id: 'nexa_crawlers', name: 'Northern Crawlers', status: 'active', plan: 'enterprise' },
  keys: [
    key('valid', nexalayerKeys.valid),
    key('tokens', nexalayerKeys.tokens, { scopes: ['read', 'write'], tokenSecret: nexalayerSecrets.tokens }),
    key('read_only', nexalayerKeys.readOnly, { scopes: ['read'] }),
    key('revoked', nexalayerKeys.revoked, { status: 'revoked' }),
    key('disabled', nexalayerKeys.disabled, { status: 'disabled' }),
    key('expired', nexalayerKeys.expired, { expiresAtMs: Date.parse('2026-01-01T00:00:00Z') }),
  ],
  credits: { credit: '1000000.00' },
}

export const nexalayerSamples: readonly Sample[] = [
  crawlers,
  account('two_a_minute', 'Slow and Steady', nexalayerKeys.twoAMinute, { limits: { requests: 2 }, credits: '50.00' }),
  account('fifty_left', 'Fifty Left', nexalayerKeys.fiftyLeft, { credits: '50.00' }),
  account('one_session', 'One at a Time', nexalayerKeys.oneSession, { limits: { sessions: 1 }, credits: '100.00' }),
  account('stranger', 'Somebody Else', nexalayerKeys.stranger, { credits: '5.00' }),
  account('rotating', 'Careful People', nexalayerKeys.rotating, { tokenSecret: nexalayerSecrets.rotating, credits: '5.00' }),
  account('disabled', 'Closed Office', nexalayerKeys.disabledAccount, { status: 'disabled', credits: '5.00' }),
  account('suspended', 'Unpaid Invoices', nexalayerKeys.suspendedAccount, { status: 'suspended', credits: '5.00' }),
  account('no_plan', 'Window Shoppers', nexalayerKeys.noPlan, { status: 'not_entitled', credits: '5.00' }),
]
