/** `window: 60s`: a rate limit. */
import { compact } from 'tollgate/contract'
import type { WindowMeter } from 'tollgate/engine'
import { z } from 'zod'
import { duration } from '../read/scalars.ts'
import { needs } from '../build/schema-rules.ts'
import { formatDuration } from '../read/units.ts'
import { countFields, countSentence, countTable, toCounting, type MeterSettings } from './meter-settings.ts'

const own = {
  window: duration(1).optional().describe('A rate limit: at most limit in any window of this length.'),
  algorithm: z.enum(['log', 'buckets', 'fixed']).optional(),
}

export const windowSettings: MeterSettings<'window', typeof own> = {
  own,
  what: 'a rate limit',
  takes: ['counts', 'uncountOn', 'limit'],
  checks: [],
  rules: [needs('algorithm', 'window')],
  toMeter: ({ window: windowMs = 0, algorithm, ...counting }): WindowMeter => compact({ kind: 'window', windowMs, algorithm, ...toCounting(counting) }),
  meaningOf: ({ windowMs, algorithm }) => `a window of ${formatDuration(windowMs)}${algorithm === undefined ? '' : ` (${algorithm})`}`,
  display: { show: countFields, sentence: (reading, { at }) => countSentence(reading, at, ''), table: countTable },
}
