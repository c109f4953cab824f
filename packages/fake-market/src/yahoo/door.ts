import { json, type Answer, type Endpoint, type Question } from '../http/endpoint.ts'

const COOKIE_NAME = 'A3'
const YEAR_SECONDS = 31_557_600

/** Who may come in: a caller gets a cookie, with the cookie a crumb, and shows both from then on. */
export interface Door {
  readonly cookie: Endpoint
  readonly crumb: Endpoint
  /** The refusal of a caller without cookie or with a wrong crumb; null when it may come in. */
  refusal(question: Question): Answer | null
  /** No crumb given out so far is good any more. */
  rotate(): void
}

export function createDoor(): Door {
  let cookies = 0
  let rotations = 0
  const crumbOf = (cookie: string) => `Fk/${rotations}.${cookie}`
  return {
    cookie: {
      vendor: 'yahoo',
      name: 'cookie',
      path: /^\/quote\/[^/]+\/?$/,
      symbols: () => null,
      answer: () => cookiePage(`d=fake${++cookies}`),
    },
    crumb: {
      vendor: 'yahoo',
      name: 'crumb',
      path: /^\/v1\/test\/getcrumb$/,
      symbols: () => null,
      answer: (question) => {
        const cookie = cookieOf(question)
        if (cookie === null) return unauthorized('Invalid Cookie')
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: crumbOf(cookie) }
      },
    },
    refusal(question) {
      const cookie = cookieOf(question)
      if (cookie === null) return unauthorized('Invalid Cookie')
      return question.query.get('crumb') === crumbOf(cookie) ? null : unauthorized('Invalid Crumb')
    },
    rotate() {
      rotations++
    },
  }
}

function cookiePage(value: string): Answer {
  const attributes = `Max-Age=${YEAR_SECONDS}; Domain=.yahoo.com; Path=/; SameSite=None; Secure; HttpOnly`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': `${COOKIE_NAME}=${value}; ${attributes}`,
    },
    body: '<!DOCTYPE html><html><body>A quote page.</body></html>',
  }
}

function cookieOf({ headers }: Question): string | null {
  const [, value] = /(?:^|;\s*)A3=d=(\w+)/.exec(headers.cookie ?? '') ?? []
  return value ?? null
}

function unauthorized(description: string): Answer {
  return json(401, { finance: { result: null, error: { code: 'Unauthorized', description } } })
}
