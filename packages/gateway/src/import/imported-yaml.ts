/** The draft as it is written: with each question above what it is about. */
import { Document, isMap, isScalar } from 'yaml'
import type { DraftedContract } from './draft-imported.ts'

export function importedYaml({ declaration, questions }: DraftedContract, source: string): string {
  const document = new Document(declaration, { aliasDuplicateObjects: false })
  const whole = questions.flatMap(({ entry, question }) => (entry === undefined ? [question] : []))
  document.commentBefore = [` A draft, made from ${source}. Lines that begin with "#?" are questions for a person; take them out when they are answered.`, ` \`tollgate contract check\` holds it to what a contract must keep.`, ...whole.map((question) => `? ${question}`)].join('\n')
  const entries = document.get('entries')
  if (isMap(entries))
    for (const { key } of entries.items) {
      const own = questions.filter(({ entry }) => isScalar(key) && entry === key.value)
      if (isScalar(key) && own.length > 0) key.commentBefore = own.map(({ question }) => `? ${question}`).join('\n')
    }
  return document.toString({ lineWidth: 150, flowCollectionPadding: true })
}
