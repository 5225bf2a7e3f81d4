import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseXml } from './parse-xml.ts'

it('a document is its elements, attributes and texts, in their order', () => {
  expect(parseXml('<?xml version="1.0"?>\n<!-- c --><a x="1&#10;&quot;"> t <b/><![CDATA[<&]]>&lt;&#x41;</a>\n')).toEqual({
    name: 'a',
    attributes: { x: '1\n"' },
    children: [' t ', { name: 'b', attributes: {}, children: [] }, '<&', '<A'],
  })
})

it.each([
  ['a DOCTYPE', '<!DOCTYPE a><a/>'],
  ['entities that multiply', `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "${'&a;'.repeat(10)}">`).join('')}]><l>&a8;</l>`],
  ['an entity from elsewhere', '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>'],
  ['an entity of no declaration', '<a>&nbsp;</a>'],
  ['a name of all objects', '<a>&constructor;</a>'],
  ['a reference to what is no character', '<a>&#0;</a>'],
  ['a control character', '<a>\u0001</a>'],
  ['two roots', '<a/><b/>'],
  ['no end', '<a><b></a>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['nesting without end', '<a>'.repeat(65) + '</a>'.repeat(65)],
  ['more elements than any error has', `<a>${'<b/>'.repeat(60_000)}</a>`],
  ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>'],
  ['no XML', '{"a":1}'],
  ['nothing', ''],
])('%s is not read', (_, text) => expect(parseXml(text)).toBeUndefined())

it('another encoding does no harm where all is ASCII', () => {
  expect(parseXml('<?xml version="1.0" encoding="ISO-8859-1"?><a>u</a>')?.children).toEqual(['u'])
})

it('megabytes of anything are read or left in little time', () => {
  const before = process.cpuUsage()
  for (const text of ['<a>'.repeat(350_000), `<a>${'&amp;'.repeat(200_000)}</a>`, `<a ${'b="1" '.repeat(170_000)}/>`, `<a b="${'x'.repeat(1_000_000)}"/>`, `<a>${'<!---->'.repeat(150_000)}</a>`, '<'.repeat(1_000_000), `<a>${'<![CDATA[]]>'.repeat(80_000)}</a>`]) parseXml(text)
  // Of the processor's time, in microseconds: other work on the machine does not lengthen it.
  expect(process.cpuUsage(before).user).toBeLessThan(8_000_000)
})

it('nothing makes it throw, and what it reads has no prototype of its own making', () => {
  const piece = fc.constantFrom('<a>', '</a>', '<b x="1">', '</b>', '<c/>', '&amp;', '&#x41;', '&x;', '<!--', '-->', '<![CDATA[', ']]>', '<?xml version="1.0"?>', '<!DOCTYPE a>', '<__proto__>', '</__proto__>', '"', '\0', '\ud800', ' text ')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const root = parseXml(pieces.join(''))
      expect(root === undefined || typeof root.name === 'string').toBe(true)
    }),
  )
})
