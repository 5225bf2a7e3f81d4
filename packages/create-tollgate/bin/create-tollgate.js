#!/usr/bin/env node
// `npm create tollgate my-api -- --charge credits` is `tollgate init my-api --charge credits`.
process.argv.splice(2, 0, 'init')
await import('@tollgate/gateway/cli')
