/** Where an API names no other. */
export const REQUEST_ID_HEADER = 'x-request-id'
