/** Numbers in [0, 1) that a seed repeats: a linear congruential generator, good enough to pick moments. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** What the suite draws by: the same in every run. New ones are for `pnpm soak`. */
const USUAL_SEED = 20_240_102

/** A seed from the environment, or the usual one; printed, so that a failure can be repeated. */
export function chooseSeed(variable: string): number {
  const given = process.env[variable]
  const seed = given === undefined ? USUAL_SEED : Number(given)
  process.stdout.write(`${variable}=${seed}\n`)
  return seed
}
