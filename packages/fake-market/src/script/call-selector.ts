const SELECTOR =
  /^(?:(all|first)|(call|from call|every) ([1-9]\d*)|(middle|last) of ([1-9]\d*)|chance (0|1|0?\.\d+))$/

/** Whether a text says which calls a rule is for. */
export function isCallSelector(text: string): boolean {
  return SELECTOR.test(text)
}

/**
 * Whether a selector takes the `n`-th call (from 1) of a rule. The middle of N calls is number ⌈N ÷ 2⌉; a
 * server cannot know which call is the last, so that N is told.
 *
 * @param random uniform in [0, 1); asked by `chance` alone, once a call
 * @example selectsCall('middle of 5', 3, Math.random) // true
 */
export function selectsCall(selector: string, n: number, random: () => number): boolean {
  const [, word, counted, count, place, total, chance] = SELECTOR.exec(selector) ?? []
  if (chance !== undefined) return random() < Number(chance)
  if (place !== undefined) return n === Math.ceil(Number(total) / (place === 'middle' ? 2 : 1))
  switch (counted) {
    case 'call':
      return n === Number(count)
    case 'from call':
      return n >= Number(count)
    case 'every':
      return n % Number(count) === 0
    default:
      return word === 'all' || n === 1
  }
}
