/** An identity provider whose tokens an API takes, as `tollgate.yaml` says it. */
import { z } from 'zod'
import { keysRef } from '../read/patterns.ts'
import { duration, settings, text } from '../read/scalars.ts'

/** Signatures that are checked with a public key (RFC 7518 section 3.1, RFC 8037). With the others whoever checks could also sign. */
export const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const

const SKEW_MS_MAX = 300_000

/** Names of claims hold dots and slashes, so the way to one within others is a list. */
const claim = z.union([text, z.array(text).min(1)])

export const issuer = settings({
  issuer: text.meta({ pattern: '^(?!tollgate$)' }).describe('The iss of its tokens, letter by letter, with the slash at its end if there is one.'),
  jwks: text.meta({ pattern: keysRef }).describe('Where its public keys are: an https address, or a file.'),
  audience: z.union([text, z.array(text).min(1)]).describe('The aud that its tokens have when they are meant for this API; of a list, one of them.'),
  algorithms: z.array(z.enum(algorithms)).min(1).optional().describe('What it may sign with. Default: any that is for public keys.'),
  account: claim.default('sub').describe('The claim that names the account: sub, org_id, [realm, tenant].'),
  user: claim.default('sub').describe('The claim that names the user of the account, for meters per user.'),
  scopes: claim.default('scope').describe('The claim with the scopes: words in one text, or a list.'),
  plan: claim.optional().describe("A claim that names the plan; it counts for the call in place of the account's own."),
  accountPrefix: z
    .string()
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,15})?$/, 'may have only letters, digits, . _ and - (16 at most)')
    .default('')
    .describe('Stands before the claim in the ids of accounts, so that the issuer speaks for no others.'),
  createAccounts: settings({ plan: text }).optional().describe('An account that is not known is created, on this plan where the token names none. Default: it is refused.'),
  skew: duration(0)
    .refine((ms) => ms <= SKEW_MS_MAX, 'is too long: five minutes at most')
    .default(60_000)
    .describe('How far its clock may be from ours.'),
})

export type IssuerShape = z.output<typeof issuer>
