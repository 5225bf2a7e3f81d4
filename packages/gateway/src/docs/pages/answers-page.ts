import type { DescribedContract, DescribedEntry, DescribedMember } from '../model/described-contract.ts'
import { codeInline, headingBlock, paragraphBlock, tableBlock, type Block, type Page } from '../model/page.ts'
import { httpBlock, statusText } from './answer-blocks.ts'
import { entryLink, enumerated, groupedBy } from './entry-cells.ts'
import { typicalEntry } from './typical-entry.ts'

/** The form of every answer. */
export function answersPage(described: DescribedContract): Page {
  const { title, success, members, families, requestId, declaration, languages } = described
  const example = typicalEntry(described)
  const hidden = [...new Set(described.entries.flatMap(({ sentAs }) => (sentAs < 400 ? [sentAs] : [])))]
  return {
    address: 'answers',
    title: 'The form of an answer',
    summary: `What stands in every error of ${title}, and what a success looks like.`,
    blocks: [
      paragraphBlock('Every error has this form, whatever it is about.', ...(hidden.length === 0 ? [] : [` Some come with ${hidden.map(statusText).join(' or ')}: look into the body of every answer.`])),
      httpBlock(example.example.answer, `${String(example.code || example.title)}, as it goes over the wire`),
      headingBlock(2, 'members', 'What is in it'),
      membersTable('Members of an error', members),
      ...detailsBlocks(described),
      ...Object.entries(families).flatMap(([name, own]): readonly Block[] => [
        headingBlock(3, `family-${name}`, `Another form: ${name}`),
        paragraphBlock('In it are said ', ...enumerated(described.entries.filter(({ id }) => declaration.entries[id]?.family === name).map(entryLink)), '.'),
        membersTable(`Members of the form ${name}`, own),
      ]),
      headingBlock(2, 'headers', 'Headers of every error'),
      tableBlock('Headers of every error', ['Header', 'For example', 'It says'], commonHeaders(described).map(({ name, value, meaning }) => [[codeInline(name)], [codeInline(value)], [meaning]])),
      ...(languages.length > 1 ? [paragraphBlock('Sentences come in ', ...enumerated(languages.map(codeInline)), '. Ask for one with ', codeInline('Accept-Language'), '.')] : []),
      headingBlock(2, 'success', 'A success'),
      httpBlock(success, 'A success'),
      paragraphBlock(declaration.envelope.success === undefined ? 'Its body is the bare data.' : 'What is constant in it tells it from an error.', ' The id of the request stands in ', codeInline(requestId.header), '.'),
    ],
  }
}

function membersTable(caption: string, members: readonly DescribedMember[]): Block {
  return tableBlock(caption, ['Member', 'In every error', 'It says'], members.map(({ place, always, meaning }) => [[codeInline(place === '' ? 'the whole body' : place)], [always ? 'Yes' : 'Where it is known'], [{ kind: 'authored', markdown: meaning }]]))
}

/** Under which names figures come, all together. */
function detailsBlocks({ entries }: DescribedContract): readonly Block[] {
  const told = groupedBy(entries.flatMap((entry) => entry.facts.flatMap((fact) => (fact.place === undefined ? [] : [{ entry, fact }]))), ({ fact }) => fact.place)
  if (told.size === 0) return []
  return [
    headingBlock(2, 'facts', 'Facts by name'),
    paragraphBlock('Figures and names come in members of their own, so that no program reads sentences.'),
    tableBlock(
      'Facts, and which errors carry them',
      ['Member', 'Type', 'Unit', 'In'],
      [...told].map(([place, uses]) => {
        const facts = uses.map(({ fact }) => fact)
        return [
          [codeInline(place ?? '')],
          [[...new Set(facts.map(({ type }) => type))].join(' or ')],
          [[...new Set(facts.flatMap(({ unit }) => unit ?? []))].join(' or ')],
          enumerated([...new Map(uses.map(({ entry }) => [entry.code === '' ? entry.id : entry.code, entryLink(entry)])).values()]),
        ]
      }),
    ),
  ]
}

/** Those that each example has, as the first has them. */
function commonHeaders({ entries }: DescribedContract): DescribedEntry['headers'] {
  const [first, ...others] = entries
  return (first?.headers ?? []).filter(({ name }) => others.every(({ headers }) => headers.some((header) => header.name.toLowerCase() === name.toLowerCase())))
}
