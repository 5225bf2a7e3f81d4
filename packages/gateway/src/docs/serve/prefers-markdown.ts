/** Whether who asks would rather have Markdown than HTML: it is named in `Accept`, and HTML no more than it (RFC 9110 section 12.5.1). Browsers name no Markdown. */
export function prefersMarkdown(accept: string | undefined): boolean {
  if (accept === undefined || !accept.toLowerCase().includes('text/markdown')) return false
  const wanted = new Map(accept.toLowerCase().split(',').map((range) => weighed(range)))
  const markdown = wanted.get('text/markdown') ?? 0
  return markdown > 0 && markdown >= (wanted.get('text/html') ?? 0)
}

function weighed(range: string): readonly [type: string, weight: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return [type, weight === undefined ? 1 : Number(weight.slice(2)) || 0]
}
