import { toldWaitSeconds } from '../../values/told-wait.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Reads waits that stand in the sentence of an error (`waitInMessage`). */
export const waitsPart: ReadingParts = { toldWaitSeconds }
