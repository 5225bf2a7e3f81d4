import type { Rule } from '../rule.ts'

export const docsMissing: Rule = {
  id: 'docs-missing',
  severity: 'note',
  topic: 'caller',
  title: 'A contract without an address of its docs',
  why: 'Pages, SDKs and OpenAPI documents that are made of it have nowhere to send their readers.',
  source: 'RFC 9457 section 3.1.1: the type ought to lead to documentation for people',
  fix: 'Say where the API documents its errors: `docs: https://…`.',
  find: ({ declaration }) => (declaration.docs === undefined ? [{ path: 'docs', problem: 'is missing, so that nothing can lead to the pages of the errors', mend: 'say where they are: docs: https://docs.shop.example/errors' }] : []),
  bad: { declaration: { name: 'shop' }, paths: ['docs'] },
  good: { declaration: { name: 'shop', docs: 'https://docs.shop.example/errors' } },
}
