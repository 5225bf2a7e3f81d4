/** Whether there is something that `$docsUrl` can lead to. */
import type { ContractProblem } from './contract-error.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { isHeaderValue } from '../write/header-value.ts'
import { formatSlot, headerSlots } from '../write/slot-text.ts'
import { placedSlotsOf, type Slot } from '../write/template.ts'
import { templateParserFor } from '../write/template-parser.ts'

/** Of a declaration whose envelope and headers are in order. */
export function checkDocsUrl({ docs, envelope, headers = {} }: Pick<ContractDeclaration, 'docs' | 'envelope' | 'headers'>, report: (problem: ContractProblem) => void): void {
  const [path, slot] = linkIn(envelope) ?? linkInHeaders(headers) ?? []
  if (path === undefined || slot === undefined) return
  if (docs === undefined) report({ path, value: formatSlot(slot), problem: 'leads nowhere: the contract does not say where its reference is', mend: 'say it: docs: https://errors.example.com' })
  else if (!/^https?:\/\/[^\s?#]+$/.test(docs) || !isHeaderValue(docs)) report({ path: 'docs', value: docs, problem: `is no address that ${path} (${formatSlot(slot)}) can lead to`, mend: 'write a whole one without query: https://errors.example.com' })
}

function linkIn({ error, families = {}, stream, webSocket, contentType }: ContractDeclaration['envelope']): readonly [string, Slot] | undefined {
  const parse = templateParserFor(contentType)
  const bodies = [['envelope.error', error] as const, ...Object.entries(families).map(([name, template]) => [`envelope.families.${name}`, template] as const)].map(([path, template]) => [path, parse(template, path, ignore)] as const)
  const plain = templateParserFor(undefined)
  const messages = [['envelope.stream.data', stream?.data] as const, ['envelope.webSocket.frame', webSocket?.frame] as const].map(([path, template]) => [path, plain(template ?? null, path, ignore)] as const)
  return [...bodies, ...messages].flatMap(([path, node]) => [...placedSlotsOf(node, path)]).find(([, { kind }]) => kind === 'docsUrl')
}

function linkInHeaders(headers: NonNullable<ContractDeclaration['headers']>): readonly [string, Slot] | undefined {
  return Object.entries(headers)
    .flatMap(([name, value]) => headerSlots(value).map((slot) => [`headers.${name}`, slot] as const))
    .find(([, { kind }]) => kind === 'docsUrl')
}

function ignore(): void {}
