import type { ServerResponse } from 'node:http'
import type { Fault, Vendor } from '../script/script.ts'
import type { Answer } from './endpoint.ts'
import { errorAnswer } from './error-answer.ts'

const PAGE = '<!DOCTYPE html><html><head><title>Sorry</title></head><body>Busy.</body></html>'

/** The answer that a fault puts in place of the real one; null when the fault leaves the answer its content. */
export function replacedAnswer(fault: Fault | null, vendor: Vendor): Answer | null {
  switch (fault?.kind) {
    case 'status': {
      const answer = errorAnswer(vendor, fault.status)
      if (fault.retryAfter === undefined) return answer
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retryAfter) } }
    }
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE }
    case 'empty':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '' }
    case 'empty_object':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
    default:
      return null
  }
}

/** Sends an answer, or what a fault of the wire leaves of it. */
export function send(response: ServerResponse, answer: Answer, fault: Fault | null): void {
  if (fault?.kind === 'timeout') return
  if (fault?.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  if (fault?.kind === 'stall') response.write(body.subarray(0, Math.ceil(body.length / 2)))
  else response.end(body)
}

/** The status that the caller gets to see; null when no whole answer arrives. */
export function seenStatus({ status }: Answer, fault: Fault | null): number | null {
  const isCut = fault?.kind === 'timeout' || fault?.kind === 'reset' || fault?.kind === 'stall'
  return isCut ? null : status
}
