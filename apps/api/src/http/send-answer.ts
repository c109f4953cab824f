import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { AnyAnswer, MediaAnswer } from './endpoint.ts'

/** Sends what a handler returned. */
export async function sendAnswer(response: Response, answer: AnyAnswer): Promise<void> {
  response.status(answer.status)
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  if ('content' in answer) await sendContent(response, answer)
  else if ('json' in answer) sendText(response, answer.json)
  else if ('body' in answer) sendText(response, JSON.stringify(answer.body))
  else response.end()
}

function sendText(response: Response, json: string): void {
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('content-length', Buffer.byteLength(json))
  response.end(json)
}

async function sendContent(
  response: Response,
  { content, contentType, filename }: MediaAnswer,
): Promise<void> {
  response.setHeader('content-type', contentType)
  if (filename !== undefined) {
    const safe = filename.replace(/[^\w.-]/g, '_')
    response.setHeader('content-disposition', `attachment; filename="${safe}"`)
  }
  if (typeof content === 'string' || Buffer.isBuffer(content)) response.end(content)
  else await pipeline(Readable.from(content), response)
}
