/** An answer as it came over the wire. */
export interface Reply<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed when it is JSON; else undefined. */
  readonly body: Body
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | FormData
}

/** The fields of a form; a value with a name is a file. */
export type FormFields = Readonly<
  Record<
    string,
    string | { readonly name: string; readonly content: string | Uint8Array<ArrayBuffer> }
  >
>

export function formOf(fields: FormFields): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([value.content], { type: 'text/csv' }), value.name)
  }
  return form
}

/** Calls the API over HTTP as somebody. Paths are whole: `/api/v1/...`. Bodies are what the test says they are. */
export class Caller {
  readonly #url: string
  readonly #token: string | null

  constructor(url: string, token: string | null) {
    this.#url = url
    this.#token = token
  }

  get<Body = Json>(path: string, options: CallOptions = {}): Promise<Reply<Body>> {
    return this.call('GET', path, options)
  }

  post<Body = Json>(path: string, json?: unknown): Promise<Reply<Body>> {
    return this.call('POST', path, json === undefined ? {} : { json })
  }

  put<Body = Json>(path: string, json: unknown): Promise<Reply<Body>> {
    return this.call('PUT', path, { json })
  }

  patch<Body = Json>(path: string, json: unknown): Promise<Reply<Body>> {
    return this.call('PATCH', path, { json })
  }

  delete<Body = Json>(path: string): Promise<Reply<Body>> {
    return this.call('DELETE', path, {})
  }

  /** Sends a form; a value with a name is a file. */
  form<Body = Json>(path: string, fields: FormFields): Promise<Reply<Body>> {
    return this.call('POST', path, { raw: formOf(fields) })
  }

  async call<Body = Json>(
    method: string,
    path: string,
    options: CallOptions,
  ): Promise<Reply<Body>> {
    const { json, raw } = options
    const headers = new Headers(options.headers)
    if (this.#token !== null && !headers.has('authorization')) {
      headers.set('authorization', `Bearer ${this.#token}`)
    }
    if (json !== undefined && !headers.has('content-type')) {
      headers.set('content-type', 'application/json')
    }
    const body = json === undefined ? raw : JSON.stringify(json)
    const response = await fetch(this.#url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
    const parsed = (isJson ? JSON.parse(text) : undefined) as Body
    return { status: response.status, headers: response.headers, text, body: parsed }
  }
}

/** Some JSON that a test looks into. */
export type Json = Record<string, never>
