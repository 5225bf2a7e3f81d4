/** `balance: { scale: 2 }`: prepaid money. */
import { integer, settings } from '../read/scalars.ts'
import { formatMoney } from 'tollgate/contract'
import type { MeterSettings } from './meter-settings.ts'

const own = {
  balance: settings({ scale: integer(0, 9).describe('Digits behind the point: 2 for cents.') }).optional().describe('Prepaid money.'),
}

export const balanceSettings: MeterSettings<'balance', typeof own> = {
  own,
  what: 'prepaid money',
  takes: [],
  per: { only: ['account', 'user', 'key'], fault: 'cannot hold money; a balance is per account, user or key' },
  noOwnLimit: 'is a balance: only what is in it limits it; grant credits instead',
  checks: [],
  rules: [],
  toMeter: ({ balance }) => ({ kind: 'balance', scale: balance?.scale ?? 0 }),
  meaningOf: ({ scale }) => `a balance of scale ${scale}`,
  display: {
    show({ used, remaining = 0 }, { scale }) {
      const decimal = (units: number): string => formatMoney({ units, scale }, scale)
      return { available: decimal(remaining), held: decimal(used), scale }
    },
    sentence: ({ name, used, remaining = 0, admitted }, { money }) => `${name}: ${money(remaining)} available, ${money(used)} held${admitted ? '' : ', too little: this is what refused it'}.`,
    table: [
      { title: 'BALANCE', field: 'meter' },
      { title: 'OF', field: 'subject' },
      { title: 'AVAILABLE', field: 'available', right: true },
      { title: 'HELD', field: 'held', right: true },
    ],
  },
}
