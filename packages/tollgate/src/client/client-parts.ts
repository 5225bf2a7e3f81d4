/** What only some clients need. A page that counts its bytes names the parts that it wants; everybody else has all of them. */
import { adviseFully } from './advise.ts'
import { checkClientOptions } from './check-client-options.ts'
import type { ClientPlan, PlanParts } from './client-plan.ts'
import { createClientTokens } from './client-tokens.ts'
import { createQuickStart, type QuickStart } from './quick-start.ts'

/** One part of a client, or several together. */
export interface ClientParts extends PlanParts {
  readonly createQuickStart?: (plan: ClientPlan, takesText: boolean) => QuickStart
}

/** Finds wrong options where the client is made: for development, and wherever options come from outside. */
export const checksPart: ClientParts = { checkOptions: checkClientOptions }

/** Sends credentials, and renews them. */
export const tokensPart: ClientParts = { createTokens: createClientTokens }

/** Hears waits and limits wherever servers write them: in bodies, in sentences, in the headers of every family. */
export const advicePart: ClientParts = { advise: adviseFully }

/** Takes the short way for calls that succeed at once. */
export const quickPart: ClientParts = { createQuickStart }

/** All of them. Written out: bundlers keep what is spread. */
export const allClientParts: ClientParts = { checkOptions: checkClientOptions, createTokens: createClientTokens, advise: adviseFully, createQuickStart }
