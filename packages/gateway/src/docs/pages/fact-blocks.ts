/** What a refusal carries: figures in its body, and headers. */
import type { DescribedEntry } from '../model/described-contract.ts'
import { authoredInline, codeInline, headingBlock, paragraphBlock, tableBlock, type Block } from '../model/page.ts'

export function factBlocks({ facts, headers }: DescribedEntry): readonly Block[] {
  const shown = facts.filter(({ place }) => place !== undefined)
  return [
    headingBlock(2, 'facts', 'What it carries'),
    shown.length === 0
      ? paragraphBlock('No figures of its own.')
      : tableBlock(
          'Figures of the body',
          ['Where', 'Type', 'Unit', 'There', 'What it says', 'Example'],
          shown.map(({ place = '', type, unit = '', whenUnknown, always, meaning, example }) => [
            [codeInline(place)],
            [type],
            [unit],
            [always ? (whenUnknown === 'null' ? 'always, null where not known' : 'always') : 'where known'],
            [meaning],
            example === undefined ? [] : [codeInline(JSON.stringify(example))],
          ]),
        ),
    headingBlock(3, 'headers', 'Headers'),
    tableBlock('Headers of the answer', ['Header', 'What it says'], headers.map(({ name, meaning }) => [[codeInline(name)], [authoredInline(meaning)]])),
  ]
}
