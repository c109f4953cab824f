import { json, type Answer, type Endpoint } from '../http/endpoint.ts'

/** Any key will do, in the query or as a bearer token, but there must be one. */
export function withKey(endpoint: Endpoint): Endpoint {
  return {
    ...endpoint,
    answer(question, world) {
      const { query, headers } = question
      const hasKey = Boolean(query.get('apiKey')) || /^Bearer \S/.test(headers.authorization ?? '')
      return hasKey ? endpoint.answer(question, world) : NO_KEY
    },
  }
}

const NO_KEY: Answer = json(401, {
  status: 'ERROR',
  request_id: '0'.repeat(32),
  error: 'API Key was not provided',
})
