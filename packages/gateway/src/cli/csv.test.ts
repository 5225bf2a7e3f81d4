import { expect, it } from 'vitest'
import { formatCsvLine } from './csv.ts'

it('quotes what would end a cell, and doubles quotes', () => {
  expect(formatCsvLine(['a,b', 'say "no"', 'two\nlines', 'plain', undefined, 5])).toBe('"a,b","say ""no""","two\nlines",plain,,5\r\n')
})

it('leaves no cell that a spreadsheet takes for a formula', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1']) expect(formatCsvLine([text]).replace('"', '')).toMatch(/^'/)
  expect(formatCsvLine(['=HYPERLINK("http://x","y")'])).toBe(`"'=HYPERLINK(""http://x"",""y"")"\r\n`)
  expect(formatCsvLine([-5])).toBe('-5\r\n')
})
