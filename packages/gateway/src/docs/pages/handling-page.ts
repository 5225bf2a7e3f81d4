import type { DescribedContract } from '../model/described-contract.ts'
import { codeBlock, codeInline, headingBlock, linkInline, paragraphBlock, type Page } from '../model/page.ts'
import { codePlace } from './entry-cells.ts'
import { curlHandling } from './handling/curl-handling.ts'
import { pythonHandling } from './handling/python-handling.ts'
import { typescriptHandling } from './handling/typescript-handling.ts'
import type { PageContext } from './page-context.ts'

/** How a program reads an error and knows what it may do. */
export function handlingPage(described: DescribedContract, { apiUrl }: PageContext): Page {
  const place = codePlace(described)
  return {
    address: 'handling',
    title: 'Handling errors in code',
    summary: 'A function for TypeScript, one for Python and a line for curl, with every code of this API.',
    blocks: [
      paragraphBlock('Read the body, branch on ', ...(place === undefined ? ['the status'] : [codeInline(place)]), ', never on the sentence, and take a code that you do not know for one that is never repeated. The loop around it is in ', linkInline('retries#loop', 'retries'), '.'),
      headingBlock(2, 'typescript', 'TypeScript'),
      codeBlock('typescript', typescriptHandling(described)),
      headingBlock(2, 'python', 'Python'),
      codeBlock('python', pythonHandling(described)),
      headingBlock(2, 'curl', 'curl'),
      codeBlock('bash', curlHandling(described, apiUrl)),
    ],
  }
}
