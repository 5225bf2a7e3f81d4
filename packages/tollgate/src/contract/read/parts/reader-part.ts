import { readIrregular } from '../irregular.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Understands what the reader function of a dialect says (`reader`). */
export const readerPart: ReadingParts = { readIrregular }
