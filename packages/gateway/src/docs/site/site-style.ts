/** The stylesheet. Lines of JSON on the wire are broken where an empty element stands (`colour-code.ts`): what is copied has no break. */
const breaks = Array.from({ length: 13 }, (_, depth) => `.in${depth}::before { content: "\\A${'  '.repeat(depth)}"; white-space: pre; }`).join('\n')

export const siteStyle = `:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
pre { overflow-x: auto; }
pre.http { white-space: pre-wrap; overflow-wrap: anywhere; }
.table { overflow-x: auto; }
.gap::before { content: " "; }
${breaks}
`
