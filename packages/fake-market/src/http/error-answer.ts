import type { Vendor } from '../script/script.ts'
import { json, type Answer } from './endpoint.ts'

const POLYGON_ERRORS: Readonly<Record<number, string>> = {
  401: 'Unknown API Key',
  403: 'You are not entitled to this data.',
  404: 'Not Found',
  429: "You've exceeded the maximum requests per minute.",
}

/** How a vendor words an HTTP error. */
export function errorAnswer(vendor: Vendor, status: number): Answer {
  if (vendor === 'polygon') {
    const error = POLYGON_ERRORS[status] ?? 'Internal Server Error'
    return json(status, { status: 'ERROR', request_id: '0'.repeat(32), error })
  }
  if (status === 429) return text(status, 'Too Many Requests\r\n')
  if (status >= 500) return text(status, 'Internal Server Error')
  const error =
    status === 404
      ? { code: 'Not Found', description: 'No data found, symbol may be delisted' }
      : { code: 'Unauthorized', description: 'User is unable to access this feature' }
  return json(status, { finance: { result: null, error } })
}

function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body }
}
