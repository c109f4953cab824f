/** Numbers in [0, 1) that a seed repeats: a linear congruential generator, good enough to pick moments. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A seed from the environment, or a new one; printed, so that a failure can be repeated. */
export function chooseSeed(variable: string): number {
  const given = process.env[variable]
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given)
  process.stdout.write(`${variable}=${seed}\n`)
  return seed
}
