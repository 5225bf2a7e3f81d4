import { recognitionOf } from '../recognition.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Recognises entries by their sentences, by patterns of codes and by other statuses (`read` of an entry). */
export const patternsPart: ReadingParts = { recognitionOf }
