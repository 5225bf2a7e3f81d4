import { parseHttpDate } from '../../values/http-date.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Reads the dates of `Retry-After`, where the answer has a `Date` too. What advises a client (`tollgate/detect`) reads them by itself. */
export const datesPart: ReadingParts = { parseDate: parseHttpDate }
