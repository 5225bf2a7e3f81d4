/** Reads templates with all that they may have. */
import { collectInItem } from './list-slots.ts'
import { walkText } from './read-text.ts'
import { createTemplateReader, type ReadTemplate } from './template-reading.ts'
import { walkArray, walkEach } from './walk-list.ts'
import { inShapeOf } from './xml-tree.ts'

/** Undefined: the body contradicts the template, or says nothing of what an error says. */
export const readTemplate: ReadTemplate = createTemplateReader({ put: collectInItem, walkArray, walkEach, walkText, openDocument: inShapeOf })
