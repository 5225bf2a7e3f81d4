/** The tokens of a mock: the newest one is good for so many calls, or so long; any other has expired. */
import type { MockTokens } from './mock-script.ts'

export interface TokenBook {
  issue(nowMs: number): { readonly token: string; readonly expiresInSeconds: number }
  /** By the value of the header that carries it. Counts it as used where it is good. */
  use(credential: string | undefined, nowMs: number): 'good' | 'missing' | 'expired'
  /** How many were fetched that no call has used, but for the newest. */
  wasted(): number
  issued(): number
}

const PREFIX = 'mock-token-'
const LIFE_SECONDS = 3_600

export function createTokenBook({ calls, lifeMs }: MockTokens): TokenBook {
  const uses: number[] = []
  let issuedAtMs = 0
  return {
    issue(nowMs) {
      uses.push(0)
      issuedAtMs = nowMs
      return { token: `${PREFIX}${uses.length}`, expiresInSeconds: lifeMs === undefined ? LIFE_SECONDS : Math.max(1, Math.floor(lifeMs / 1_000)) }
    },
    use(credential, nowMs) {
      if (credential === undefined) return 'missing'
      const newest = uses.length - 1
      const used = uses[newest]
      if (used === undefined || !new RegExp(`\\b${PREFIX}${uses.length}$`).test(credential)) return 'expired'
      if ((calls !== undefined && used >= calls) || (lifeMs !== undefined && nowMs - issuedAtMs >= lifeMs)) return 'expired'
      uses[newest] = used + 1
      return 'good'
    },
    wasted: () => uses.slice(0, -1).filter((used) => used === 0).length,
    issued: () => uses.length,
  }
}
