import type { DescribedContract } from '../model/described-contract.ts'
import { codeInline, headingBlock, paragraphBlock, type Page } from '../model/page.ts'
import { differenceTable } from './entry-cells.ts'
import { proseOf } from './guide-prose.ts'

/** How a request says who calls, and what says that it did not. */
export function authenticationPage(described: DescribedContract): Page {
  const { declaration: { authenticate }, entries } = described
  const own = entries.filter(({ reason }) => /^(?:credential|token|permission|account)\./.test(reason))
  return {
    address: 'authentication',
    title: 'Authentication',
    summary: 'How a request says who calls, and which errors say that it did not, or may not.',
    blocks: [
      ...(authenticate === undefined ? [] : [paragraphBlock('An answer with status 401 says in ', codeInline('WWW-Authenticate'), ' how to authenticate: ', codeInline(authenticate), '.')]),
      ...proseOf(described, 'authentication'),
      ...(own.length === 0 ? [paragraphBlock('No error of this API is about credentials.')] : [headingBlock(2, 'errors', 'Errors about credentials and accounts'), differenceTable('Errors about credentials and accounts', own, described)]),
      headingBlock(2, 'secrets', 'Keys are secrets'),
      paragraphBlock('Keep a key out of addresses, logs and pages; send it over HTTPS alone. Whoever asks for help gives the id of the request, never the key.'),
    ],
  }
}
