import { fieldsFrom } from '../../values/issue-fields.ts'
import { parseEach } from '../../write/list-grammar.ts'
import { collectInItem } from '../list-slots.ts'
import { issuesIn, resolveList } from '../read-list.ts'
import { walkArray, walkEach } from '../walk-list.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Reads arrays in templates, lists of errors and of fields at fault (`$each`), and batches. */
export const listsPart: ReadingParts = { parseEach, put: collectInItem, walkArray, walkEach, lists: { resolveList, issuesIn, fieldsFrom } }
