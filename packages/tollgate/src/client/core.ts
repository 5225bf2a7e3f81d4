// A client of the parts that one names, for pages that count their bytes
export { createCoreClient } from './core-client.ts'
export { advicePart, checksPart, quickPart, tokensPart, type ClientParts } from './client-parts.ts'
