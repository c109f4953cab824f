import YahooFinance from 'yahoo-finance2'
import { ExtendedCookieJar } from 'yahoo-finance2/lib/cookieJar'
import type { Logger } from '../../../logging/index.ts'
import { Unavailable } from '../../calls/provider-errors.ts'
import { StaleCrumb, toYahooError } from './yahoo-errors.ts'
import { yahooFetch, type Question, type YahooFetchPorts } from './yahoo-fetch.ts'

type Yahoo = InstanceType<typeof YahooFinance>

/** What every question passes on: which `fetch`, and that we judge the answer ourselves. */
export interface AskOptions {
  readonly fetch: typeof fetch
  readonly validateResult: false
}

export interface YahooClientOptions extends YahooFetchPorts {
  readonly log: Logger
}

/**
 * yahoo-finance2, kept from its habits: it shares one cookie jar among all instances, never gets
 * another crumb once it has one, prints past the logger, asks the registry for newer versions, and
 * throws answers away that have an unknown field. Pace, timeouts and retries are the gate's.
 */
export class YahooClient {
  readonly #options: YahooClientOptions
  #yahoo: Yahoo

  constructor(options: YahooClientOptions) {
    this.#options = options
    this.#yahoo = createInstance(options.log)
  }

  /**
   * Asks one question. A crumb that is no longer valid is replaced, with new cookies, once.
   *
   * @returns the client's answer, not yet validated
   * @throws YahooError, never a StaleCrumb; the signal's reason when aborted
   */
  async ask(
    ask: (yahoo: Yahoo, options: AskOptions) => Promise<unknown>,
    question: Question,
  ): Promise<unknown> {
    const options: AskOptions = {
      fetch: yahooFetch(this.#options, question),
      validateResult: false,
    }
    const yahoo = this.#yahoo
    try {
      return await ask(yahoo, options)
    } catch (thrown) {
      question.signal.throwIfAborted()
      if (!(thrown instanceof StaleCrumb)) throw toYahooError(thrown)
      // Of several questions with the same crumb the first to fail replaces it for all.
      if (this.#yahoo === yahoo) this.#yahoo = createInstance(this.#options.log)
    }
    try {
      return await ask(this.#yahoo, options)
    } catch (thrown) {
      question.signal.throwIfAborted()
      const error = toYahooError(thrown)
      if (error.kind !== 'stale_crumb') throw error
      throw new Unavailable('yahoo refuses a new crumb as well', { cause: error })
    }
  }
}

function createInstance(log: Logger): Yahoo {
  const warn = (...said: unknown[]): void => {
    log.warn({ said: said.map(String) }, 'yahoo_client')
  }
  // Debug lines carry the crumb; the rest is chatter.
  const ignore = (): void => undefined
  return new YahooFinance({
    cookieJar: new ExtendedCookieJar(),
    logger: { debug: ignore, dir: ignore, info: ignore, warn, error: warn },
    // The gate limits; the client must not hold calls back as well.
    queue: { concurrency: Number.MAX_SAFE_INTEGER },
    suppressNotices: ['yahooSurvey'],
    validation: { logErrors: false, logOptionsErrors: false },
    versionCheck: false,
  })
}
