/** `lease: session`: what is alive at once. */
import { z } from 'zod'
import type { MeterSettings } from './meter-settings.ts'

const own = {
  lease: z.enum(['session', 'stock', 'slot']).optional().describe('What is alive at once: sessions, units of a stock, calls in flight (slot).'),
}

export const leaseSettings: MeterSettings<'lease', typeof own> = {
  own,
  what: 'what is alive at once',
  takes: ['limit'],
  checks: [],
  rules: [],
  missingLimit({ lease }, { name, routeAt, plans, without }) {
    if (lease === 'stock' && (without > 0 || plans === 0)) {
      return { at: 'take', message: `is missing: nothing says how many units of "${name}" there are; write { meter: ${name}, limit: { column: stock } }, or a limit of the meter` }
    }
    return plans === 0 ? { at: 'meter', message: `is missing: routes[${routeAt}] takes "${name}", and there is no plan that could limit it; write limit: 3` } : undefined
  },
  toMeter: ({ lease = 'slot' }) => ({ kind: 'lease', of: lease }),
  meaningOf: ({ of }) => `a lease of each ${of}`,
  display: {
    show: ({ used, limit, remaining }, { of }) => ({ of, alive: used, max: limit, remaining }),
    sentence: ({ name, used, limit, admitted }) => `${name}: ${used} alive${limit === 'unlimited' ? ', unlimited' : ` of at most ${limit}`}${admitted ? '' : ', this is what refused it'}.`,
    table: [
      { title: 'ALIVE', field: 'meter' },
      { title: 'OF', field: 'subject' },
      { title: 'NOW', field: 'alive', right: true },
      { title: 'AT MOST', field: 'max', right: true },
    ],
  },
}
