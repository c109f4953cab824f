import { readProblem, toProblem, type Problem } from './problem.ts'

const PREFIX = '/api/v1'
const READ_MS = 30_000
/** Uploads and edits compute before they answer. */
const WRITE_MS = 120_000

export interface ClientOptions {
  /** Null = nobody is signed in. */
  readonly token: string | null
  /** The token is no longer taken. */
  readonly onUnauthorized: (problem: Problem) => void
}

/** Calls the API. Paths are below /api/v1. Everything throws `Problem`, and nothing else. */
export class Client {
  readonly #options: ClientOptions

  constructor(options: ClientOptions) {
    this.#options = options
  }

  async get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    const response = await this.#call(path, { method: 'GET' }, signal)
    return (await response.json()) as Answer
  }

  /** A JSON body, or none. */
  async post<Answer>(path: string, body?: object): Promise<Answer> {
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await this.#call(path, { method: 'POST', ...json })
    return (await response.json()) as Answer
  }

  async postForm<Answer>(path: string, form: FormData): Promise<Answer> {
    const response = await this.#call(path, { method: 'POST', body: form })
    return (await response.json()) as Answer
  }

  /** A file, which a plain link could not ask for: it needs the token. */
  async download(path: string): Promise<{ readonly content: Blob; readonly filename: string }> {
    const response = await this.#call(path, { method: 'GET' })
    const disposition = response.headers.get('content-disposition') ?? ''
    const filename = /filename="([^"]+)"/.exec(disposition)?.[1] ?? 'sigmasight.txt'
    return { content: await response.blob(), filename }
  }

  async #call(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const { token, onUnauthorized } = this.#options
    const headers = new Headers(init.headers)
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    const late = AbortSignal.timeout(init.method === 'GET' ? READ_MS : WRITE_MS)
    const either = signal === undefined ? late : AbortSignal.any([late, signal])
    try {
      const response = await fetch(PREFIX + path, { ...init, headers, signal: either })
      if (response.ok) return response
      throw await readProblem(response)
    } catch (thrown) {
      const problem = toProblem(thrown)
      if (problem.status === 401 && token !== null) onUnauthorized(problem)
      throw problem
    }
  }
}
