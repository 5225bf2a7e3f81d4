/** `blockWords: { field: text }`: refuses words that the account blocks. */
import type { z } from 'zod'
import { settings, text } from '../read/scalars.ts'
import type { StepKind } from './step-kind.ts'

const shape = {
  blockWords: settings({ field: text.describe('Dotted path of the text.') }).describe('Refuses words that the account blocks.'),
} satisfies z.ZodRawShape

export const blockWords: StepKind<'blockWords', typeof shape> = {
  key: 'blockWords',
  shape,
  needs: [{ what: 'account', always: () => 'a public route knows no account, so there are no words of its own to refuse' }],
  brings: [],
  build: ({ blockWords: { field } }) => ({ kind: 'blockWords', field }),
}
