import { createHash } from 'node:crypto'
import { json, type Answer, type Question } from '../http/endpoint.ts'

/** The body with what every answer of Polygon carries. */
export function ok({ path, query }: Question, body: object): Answer {
  const request = createHash('md5').update(`${path.join('/')}?${query.toString()}`)
  return json(200, { ...body, status: 'OK', request_id: request.digest('hex') })
}

export function badRequest(error: string): Answer {
  return json(400, { status: 'ERROR', request_id: '0'.repeat(32), error })
}
