// Advice of any answer
export { adviceOf, type Advice, type AdviceOptions } from './advice.ts'
export { readToldLimits } from './told-limits.ts'
