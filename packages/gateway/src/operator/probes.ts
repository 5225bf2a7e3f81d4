/** What the admin port answers to machines: health without a token, metrics to whoever may read them. */
import type { Answer } from 'tollgate/contract'
import type { MetricsConfig } from '../config/gateway-config.ts'
import type { Health } from '../health/health.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { equalSecrets } from '../platform/secrets.ts'

export interface Probes {
  readonly health: Pick<Health, 'answerTo'>
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly config: () => MetricsConfig
}

/** `metrics`: asked for, and this bearer need not be an operator's. */
export type Probed = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'metrics'; readonly allowed: boolean }

export function probe({ health, config }: Probes, method: string, path: string, bearer: string | undefined): Probed | undefined {
  const answer = health.answerTo(method, path)
  if (answer !== undefined) return { kind: 'answer', answer }
  if (path !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) return undefined
  const { public: isPublic, token } = config()
  return { kind: 'metrics', allowed: isPublic || (token !== undefined && bearer !== undefined && equalSecrets(bearer, token)) }
}

export async function metricsAnswer({ metrics }: Probes): Promise<Answer> {
  return { status: 200, headers: ['Content-Type', metrics.contentType, 'Cache-Control', 'no-store'], body: await metrics.text() }
}
