/** Before each file of tests: how many examples a property is held against. */
import { configureGlobal } from 'fast-check'
import { propertyRuns } from './runs.ts'

configureGlobal({ numRuns: propertyRuns })
