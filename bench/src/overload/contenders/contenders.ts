import type { Contender } from '../contender.ts'
import { axiosRetry, got, ky, undiciRetryAgent } from './http-clients.ts'
import { loopThatReturns, loopThatThrows, plainFetch } from './loops.ts'
import { anthropic, aws, genai, openai, stripe } from './sdks.ts'
import { tollgate, tollgateCircuit } from './tollgate.ts'
import { cockatiel, cockatielBreaker, pRetry } from './wrappers.ts'

/** In the order of the tables. */
export const contenders: readonly Contender[] = [
  plainFetch,
  loopThatThrows,
  loopThatReturns,
  ky,
  got,
  axiosRetry,
  pRetry,
  cockatiel,
  cockatielBreaker,
  undiciRetryAgent,
  openai,
  anthropic,
  stripe,
  genai,
  aws,
  tollgate,
  tollgateCircuit,
]
