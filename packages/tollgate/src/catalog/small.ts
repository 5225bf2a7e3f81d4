/** Dialects whose tables were made before they were shipped: they read what those of `tollgate/dialects` read, in half the bytes. Those of plain JSON have one. */
export { aiApi } from './small/small-ai-api.ts'
export { chatads } from './small/small-chatads.ts'
export { jogg } from './small/small-jogg.ts'
export { nexalayer } from './small/small-nexalayer.ts'
