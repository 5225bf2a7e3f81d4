import { parseForm } from '../../write/form.ts'
import { parseFormTemplate } from '../../write/form-template.ts'
import { fromText } from '../from-text.ts'
import type { ReadingParts } from './reading-parts.ts'

/** Reads bodies that are forms (`application/x-www-form-urlencoded`). */
export const formsPart: ReadingParts = { form: { parseTemplate: (template) => parseFormTemplate(template, '', () => {}), toBody: parseForm, fromText } }
