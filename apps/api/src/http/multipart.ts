import type { IncomingMessage } from 'node:http'
import busboy from 'busboy'
import type { z } from 'zod'
import { ApiError } from './api-error.ts'

/** A form with fields and at most one file. */
export interface MultipartSpec<Fields extends z.ZodObject = z.ZodObject> {
  readonly kind: 'multipart'
  readonly fields: Fields
  readonly file: FileSpec
}

interface FileSpec {
  /** The name of its form field. */
  readonly name: string
  /** What goes beyond is dropped, and the file says so. */
  readonly maxBytes: number
  readonly description: string
}

export interface UploadedFile {
  readonly filename: string
  /** The file's bytes; only the first ones of a file that is too large. */
  readonly content: Buffer
  readonly isTooLarge: boolean
}

/** Forms may have so much besides the file. */
const FIELD_BYTES = 100_000
const FIELD_COUNT = 50
/** A file that is somewhat too large is read to its end, so that the answer can say so; a huge one is cut off. */
const DRAINED_FILES = 2

/** A multipart body: text fields by a schema, and a file that the handler gets as bytes. */
export function multipart<Fields extends z.ZodObject>(
  fields: Fields,
  file: FileSpec,
): MultipartSpec<Fields> {
  return { kind: 'multipart', fields, file }
}

/** What was sent, not yet parsed by the schema of the fields. */
export interface MultipartBody {
  readonly fields: Readonly<Record<string, string>>
  readonly file: UploadedFile | null
}

/** Reads a multipart body. Throws ApiError on one that cannot be read, or with parts that are not asked for. */
export function readMultipart(
  request: IncomingMessage,
  { file }: MultipartSpec,
): Promise<MultipartBody> {
  const limit = DRAINED_FILES * file.maxBytes + FIELD_BYTES
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge())
  return new Promise((done, fail) => {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>
    let uploaded: UploadedFile | null = null
    let problem: ApiError | null = null
    const refuse = (error: ApiError) => (problem ??= error)
    const parser = openParser(request, file.maxBytes)
    parser.on('field', (name, value, { valueTruncated, nameTruncated }) => {
      if (valueTruncated || nameTruncated) refuse(tooLarge())
      else if (name in fields) refuse(unreadable(`The field ${name} comes twice.`))
      else fields[name] = value
    })
    parser.on('file', (name, stream, { filename }) => {
      if (name !== file.name || uploaded !== null) {
        stream.resume()
        refuse(new ApiError(400, 'VALIDATION_FAILED', `One file is taken, as ${file.name}.`))
        return
      }
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('close', () => {
        const isTooLarge = stream.truncated === true
        uploaded = { filename: filename ?? '', content: Buffer.concat(chunks), isTooLarge }
      })
    })
    parser.on('fieldsLimit', () => refuse(tooLarge()))
    parser.on('filesLimit', () => refuse(unreadable('More than one file was sent.')))
    parser.on('partsLimit', () => refuse(tooLarge()))
    parser.once('error', (cause) => {
      request.unpipe(parser)
      request.resume()
      fail(unreadable('The form cannot be read.', cause))
    })
    parser.once('close', () => {
      if (problem === null) done({ fields, file: uploaded })
      else fail(problem)
    })
    request.once('aborted', () => {
      fail(unreadable('The form broke off.'))
    })
    let received = 0
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received <= limit) return
      request.unpipe(parser)
      request.pause()
      fail(tooLarge())
    })
    request.pipe(parser)
  })
}

function openParser(request: IncomingMessage, maxFileBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: {
        fields: FIELD_COUNT,
        fieldNameSize: 200,
        fieldSize: FIELD_BYTES,
        files: 1,
        // One more than a file may have, so that one of exactly so many bytes is whole.
        fileSize: maxFileBytes + 1,
        parts: FIELD_COUNT + 1,
      },
    })
  } catch (cause) {
    throw unreadable('The form cannot be read: it has no boundary.', cause)
  }
}

function unreadable(detail: string, cause?: unknown): ApiError {
  return new ApiError(400, 'MALFORMED_FORM', detail, { cause })
}

function tooLarge(): ApiError {
  return new ApiError(413, 'BODY_TOO_LARGE', 'The form is larger than this endpoint takes.')
}
