/**
 * The accounts of the JoggAI playground. Their keys are public on purpose, so that each `curl` line works as it stands; the last six characters are
 * the checksum of the rest.
 */
import type { Sample, SampleKey } from '../../sample.ts'

export const JOGG_PREFIX = 'jogg_'

export const joggKeys = {
  valid: 'jogg_PlaygroundValid000000000000000002PuLd9',
  /** Of the same account as `valid`, with a limit of its own. */
  slow: 'jogg_PlaygroundSlow0000000000000000003oW2Cq',
  standard: 'jogg_PlaygroundStandard000000000000002jwIdu',
  /** Of the same account as `standard`. */
  busy: 'jogg_PlaygroundBusy00000000000000000012VdyD',
  stranger: 'jogg_PlaygroundStranger000000000000001UjGuQ',
  /** Well formed, but nobody's. */
  unknown: 'jogg_PlaygroundUnknown0000000000000000vevup',
  revoked: 'jogg_PlaygroundRevoked0000000000000003JV9E2',
  disabled: 'jogg_PlaygroundDisabled000000000000003syPEl',
  expired: 'jogg_PlaygroundExpired0000000000000001YCSFz',
  noAccess: 'jogg_PlaygroundNoAccess000000000000000OHhxZ',
  closedAccount: 'jogg_PlaygroundClosedAccount0000000001b21jz',
  suspendedAccount: 'jogg_PlaygroundSuspendedAccount0000001hxXZy',
  penniless: 'jogg_PlaygroundPenniless00000000000000Voguq',
  smallChange: 'jogg_PlaygroundSmallChange00000000000479IlL',
  corruptShelf: 'jogg_PlaygroundCorruptShelf00000000001vGg4p',
} as const

function key(id: string, secret: string, rest: Partial<SampleKey> = {}): SampleKey {
  return { id: `jogg_key_${id}`, secret, status: 'active', ...rest }
}

function studio(id: string, name: string, secret: string, { credits, ...rest }: Partial<Sample['account']> & { readonly credits: string }): Sample {
  return { account: { id: `studio_${id}`, name, status: 'active', plan: 'standard', ...rest }, keys: [key(`of_${id}`, secret)], credits: { credit: credits } }
}

/** Has an avatar and a voice of its own among the service's files. A partner, so that the whole page can be tried within a minute. */
const lighthouse: Sample = {
  account: { id: 'studio_lighthouse', name: 'Lighthouse Studio', status: 'active', plan: 'partner' },
  keys: [
    key('valid', joggKeys.valid, { userId: 'keeper' }),
    key('slow', joggKeys.slow, { userId: 'keeper', limits: { posts: 1 } }),
    key('revoked', joggKeys.revoked, { status: 'revoked' }),
    key('disabled', joggKeys.disabled, { status: 'disabled' }),
    key('expired', joggKeys.expired, { expiresAtMs: Date.parse('2026-01-01T00:00:00Z') }),
  ],
  credits: { credit: '10000' },
}

const everyday: Sample = {
  account: { id: 'studio_everyday', name: 'Twenty a Minute', status: 'active', plan: 'standard' },
  keys: [key('standard', joggKeys.standard), key('busy', joggKeys.busy)],
  credits: { credit: '1000' },
}

export const joggSamples: readonly Sample[] = [
  lighthouse,
  everyday,
  studio('stranger', 'Somebody Else', joggKeys.stranger, { credits: '5' }),
  // The shortest video costs a whole credit.
  studio('penniless', 'Half a Credit', joggKeys.penniless, { credits: '0.5' }),
  studio('small_change', 'Small Change', joggKeys.smallChange, { credits: '1' }),
  studio('no_access', 'Window Shoppers', joggKeys.noAccess, { status: 'not_entitled', credits: '5' }),
  studio('closed', 'Closed Curtain', joggKeys.closedAccount, { status: 'disabled', credits: '5' }),
  studio('suspended', 'Unpaid Invoices', joggKeys.suspendedAccount, { status: 'suspended', credits: '5' }),
  // What is wrong with it is not here: it lies in the service's own files.
  studio('corrupt', 'First Take', joggKeys.corruptShelf, { plan: 'partner', credits: '5' }),
]
