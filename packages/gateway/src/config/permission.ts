/** What an operator must be allowed: to see everything, to change accounts, keys and sessions, to move money, to run the gateway itself. */
export const permissions = ['read', 'write', 'money', 'operate'] as const

export type Permission = (typeof permissions)[number]
