import { markShared } from '../shared-constants.ts'
import { successFactsOf } from '../success-facts.ts'
import { createSuccessForm } from '../success-form.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Knows the successes of a dialect that declares their form (`envelope.success`). */
export const successesPart: ReadingParts = { successes: { markShared, createSuccessForm: (success, errors, readTemplate) => createSuccessForm(successFactsOf(success, errors), readTemplate) } }
