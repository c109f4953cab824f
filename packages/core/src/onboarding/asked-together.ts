interface Asked<Question, Answer> {
  readonly question: Question
  readonly done: PromiseWithResolvers<Answer>
}

/**
 * Questions of the same moment, answered by one statement: those whose portfolios one run did go on together.
 */
export class AskedTogether<Question, Answer> {
  readonly #answer: (questions: readonly Question[]) => Promise<readonly Answer[]>
  #asked: Asked<Question, Answer>[] = []

  /** @param answer one answer to each question, in their order; what it throws is thrown to everybody */
  constructor(answer: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#answer = answer
  }

  ask(question: Question): Promise<Answer> {
    const done = Promise.withResolvers<Answer>()
    this.#asked.push({ question, done })
    if (this.#asked.length === 1) setImmediate(() => void this.#work())
    return done.promise
  }

  async #work(): Promise<void> {
    const asked = this.#asked
    this.#asked = []
    try {
      const answers = await this.#answer(asked.map(({ question }) => question))
      for (const [i, { done }] of asked.entries()) done.resolve(answers[i] as Answer)
    } catch (thrown) {
      for (const { done } of asked) done.reject(thrown)
    }
  }
}
