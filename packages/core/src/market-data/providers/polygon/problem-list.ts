/** As many as an operator reads. */
const MOST_PROBLEMS = 50

/** Collects what an operator should hear of a fetch beyond failed symbols; bounded. */
export class ProblemList {
  readonly #texts: string[] = []
  #count = 0

  note(text: string): void {
    if (++this.#count <= MOST_PROBLEMS) this.#texts.push(text)
  }

  texts(): readonly string[] {
    const unsaid = this.#count - this.#texts.length
    return unsaid === 0 ? this.#texts : [...this.#texts, `polygon: ${unsaid} more of that kind`]
  }
}
