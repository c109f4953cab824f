import type { z } from 'zod'
import type { User } from '@sigmasight/core/auth'
import type { Clock } from '@sigmasight/core/clock'
import type { Config } from '@sigmasight/core/config'
import type { Database } from '@sigmasight/core/database'
import type { Logger } from '@sigmasight/core/logging'
import type { OwnedPortfolio } from '@sigmasight/core/portfolios'
import type { Services } from '../services.ts'
import type { MultipartSpec, UploadedFile } from './multipart.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** Who may call: anybody, whoever has logged in, administrators. */
export type Auth = 'none' | 'user' | 'admin'

/** An answer that is no JSON. */
export interface MediaSpec {
  readonly kind: 'media'
  readonly contentType: string
  readonly description: string
}

export interface NoContentSpec {
  readonly kind: 'no_content'
}

export const NO_CONTENT: NoContentSpec = { kind: 'no_content' }

/** An answer as text or a file of that content type. */
export function media(contentType: string, description: string): MediaSpec {
  return { kind: 'media', contentType, description }
}

type BodySpec = z.ZodType | MediaSpec | NoContentSpec
/** What a status answers with: JSON of a schema, text of a content type, nothing; or a choice of the first two. */
export type ResponseSpec = BodySpec | readonly BodySpec[]
export type Responses = Readonly<Record<number, ResponseSpec>>

/** Text that is sent as it is made. */
export type Content = string | Buffer | AsyncIterable<string>

interface Headed {
  readonly headers?: Readonly<Record<string, string>>
}
export interface JsonAnswer<Body = unknown> extends Headed {
  readonly status: number
  readonly body: Body
}
/** JSON that was turned into text before, e.g. for a cache. */
export interface TextAnswer extends Headed {
  readonly status: number
  readonly json: string
}
export interface MediaAnswer extends Headed {
  readonly status: number
  readonly contentType: string
  readonly content: Content
  /** Makes it a download. */
  readonly filename?: string
}
export interface EmptyAnswer extends Headed {
  readonly status: number
}
export type AnyAnswer = JsonAnswer | TextAnswer | MediaAnswer | EmptyAnswer

type AnswerTo<Spec, Status> = Spec extends z.ZodType
  ? (JsonAnswer<z.input<Spec>> | TextAnswer) & { readonly status: Status }
  : Spec extends MediaSpec
    ? MediaAnswer & { readonly status: Status }
    : Spec extends NoContentSpec
      ? EmptyAnswer & { readonly status: Status }
      : Spec extends readonly (infer Each)[]
        ? AnswerTo<Each, Status>
        : never

/** What a handler may return: for each status it declares, what that status answers with. */
export type Answer<R extends Responses> = {
  [Status in keyof R]: AnswerTo<R[Status], Status>
}[keyof R]

/** What every handler gets, whatever its endpoint. */
export interface Context {
  readonly database: Database
  readonly services: Services
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly requestId: string
  /** Aborts when the caller is gone or the time of the request is over. */
  readonly signal: AbortSignal
  /** The user's own portfolio of that id. Throws 404; needed only for ids outside the path, as the path's is checked before. */
  ownPortfolio(portfolioId: string): Promise<OwnedPortfolio>
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<string, never>
type ParsedBody<Body> =
  Body extends MultipartSpec<infer Fields>
    ? { readonly fields: z.output<Fields>; readonly file: UploadedFile | null }
    : Body extends z.ZodType
      ? z.output<Body>
      : undefined

/** What the handler of an endpoint gets. */
export interface HandlerInput<A extends Auth, P, Q, B> extends Context {
  readonly user: A extends 'none' ? null : User
  readonly params: Parsed<P>
  readonly query: Parsed<Q>
  readonly body: ParsedBody<B>
  /** The portfolio that the path names by `:portfolioId`, which is the user's own; null where it names none. */
  readonly portfolio: P extends z.ZodObject<{ portfolioId: z.ZodType }> ? OwnedPortfolio : null
}

type ObjectSchema = z.ZodObject
export type BodyParser = z.ZodType | MultipartSpec

interface EndpointFacts {
  readonly method: Method
  /** Below /api/v1, with `:name` for parameters. `:portfolioId` is checked to be the user's own. */
  readonly path: `/${string}`
  /** The path is below nothing: `/health`. */
  readonly isRoot?: true
  readonly auth: Auth
  /** One line. */
  readonly summary: string
  /** More than one line has room for. */
  readonly description?: string
  /** Most bytes of a JSON body; 100 KB by default. */
  readonly maxBodyBytes?: number
  /** 30 by default. */
  readonly timeoutSeconds?: number
  /**
   * A stricter limit of requests. `credentials`: guesses of passwords.
   */
  readonly rateLimit?: 'credentials'
  /** Codes of the problems it answers, besides those every endpoint may answer. */
  readonly problems?: Readonly<Record<number, string>>
}

export interface EndpointSpec<
  A extends Auth,
  P extends ObjectSchema | undefined,
  Q extends ObjectSchema | undefined,
  B extends BodyParser | undefined,
  R extends Responses,
> extends EndpointFacts {
  readonly auth: A
  readonly params?: P
  /** Values arrive as text; one that comes twice is refused. */
  readonly query?: Q
  readonly body?: B
  readonly responses: R
  readonly handler: (input: HandlerInput<A, P, Q, B>) => Promise<Answer<R>> | Answer<R>
}

/** An endpoint as the server, the OpenAPI document and the contract test see it. */
export interface Endpoint extends EndpointFacts {
  /** Whole, `/api/v1` included. */
  readonly url: string
  readonly params: ObjectSchema | null
  readonly query: ObjectSchema | null
  readonly body: BodyParser | null
  readonly responses: Responses
  handle(input: HandlerInput<Auth, unknown, unknown, unknown>): Promise<AnyAnswer>
}

const PREFIX = '/api/v1'

/**
 * Defines an endpoint: what it is called with, what it answers, and how. Everything is parsed before the
 * handler is called, and unknown fields are refused: give `z.strictObject` schemas.
 *
 * @example
 * export const getMe = endpoint({
 *   method: 'GET', path: '/auth/me', auth: 'user', summary: 'Who is logged in',
 *   responses: { 200: userSchema },
 *   handler: ({ user }) => ({ status: 200, body: { id: user.id } }),
 * })
 */
export function endpoint<
  const A extends Auth,
  const R extends Responses,
  P extends ObjectSchema | undefined = undefined,
  Q extends ObjectSchema | undefined = undefined,
  B extends BodyParser | undefined = undefined,
>(spec: EndpointSpec<A, P, Q, B, R>): Endpoint {
  const { handler, params, query, body, ...facts } = spec
  return {
    ...facts,
    url: spec.isRoot === true ? spec.path : PREFIX + spec.path,
    params: params ?? null,
    query: query ?? null,
    body: body ?? null,
    async handle(input) {
      // The router has parsed the input by these very schemas.
      return await handler(input)
    },
  }
}
